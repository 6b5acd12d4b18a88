using System.Text.Json;

namespace AllInOne.Server.Http.Answers;

/// <summary>Answers with a stream of events (WHATWG server-sent events), each one JSON value, told as soon as it is written.</summary>
internal static class ServerSentEvents
{
    public const string ContentType = "text/event-stream";

    /// <summary>Sends the headers, so that the client knows that it is connected before anything happens.</summary>
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
        // A proxy must not gather what is told at once (nginx does).
        response.Headers["X-Accel-Buffering"] = "no";
    }

    public static async Task WriteAsync<T>(HttpResponse response, T value, CancellationToken cancel)
    {
        // JSON written without indentation has no line break in it, which would end the event.
        var json = JsonSerializer.SerializeToUtf8Bytes(value, Json.Options);
        await response.BodyWriter.WriteAsync((byte[])[.. "data: "u8, .. json, .. "\n\n"u8], cancel);
    }
}
