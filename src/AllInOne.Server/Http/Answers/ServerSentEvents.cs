using System.Text.Json;

namespace AllInOne.Server.Http.Answers;

/// <summary>The answer that streams events (WHATWG server-sent events). Each event is one JSON value and is flushed at once.</summary>
internal static class ServerSentEvents
{
    public const string ContentType = "text/event-stream";

    /// <summary>Sends the headers, so that the client knows that it is connected before the first event.</summary>
    public static async Task BeginAsync(HttpResponse response, CancellationToken cancel)
    {
        SetHeaders(response);
        await response.StartAsync(cancel);
        await response.BodyWriter.FlushAsync(cancel);
    }

    public static void SetHeaders(HttpResponse response)
    {
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        // A proxy must not buffer the events, as nginx does by default.
        response.Headers["X-Accel-Buffering"] = "no";
    }

    public static async Task WriteAsync<T>(HttpResponse response, T value, CancellationToken cancel)
    {
        // JSON without indentation has no line break. A line break would end the event.
        var json = JsonSerializer.SerializeToUtf8Bytes(value, Json.Options);
        await response.BodyWriter.WriteAsync((byte[])[.. "data: "u8, .. json, .. "\n\n"u8], cancel);
    }
}
