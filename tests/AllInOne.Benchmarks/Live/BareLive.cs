using Microsoft.AspNetCore.Http;

namespace AllInOne.Benchmarks.Live;

/// <summary>
/// The peer: Kestrel with the minimum that can hold clients and send an event to all of them. <c>GET</c> as a stream keeps the response open, as a
/// long poll answers at the next event; <c>PUT</c> sends its body to all clients. It has no filters, no cursors and no limits.
/// </summary>
internal static class BareLive
{
    private static readonly Lock Gate = new();
    private static readonly SemaphoreSlim Turn = new(1);
    private static List<HttpResponse> _streams = [];
    private static TaskCompletionSource<byte[]> _next = NewNext();

    public static IEnumerable<Reading> Serve(string[] arguments)
    {
        _ = arguments;
        return BareKestrel.Serve(context => context.Request.Method == "PUT"
            ? TellAsync(context)
            : context.Request.Headers.Accept == "text/event-stream" ? HoldAsync(context) : PollAsync(context));
    }

    private static async Task HoldAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.StartAsync();
        await context.Response.BodyWriter.WriteAsync("\n"u8.ToArray());
        lock (Gate)
        {
            _streams.Add(context.Response);
        }

        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
        lock (Gate)
        {
            _streams.Remove(context.Response);
        }
    }

    private static async Task PollAsync(HttpContext context)
    {
        var told = await _next.Task.WaitAsync(context.RequestAborted);
        context.Response.ContentLength = told.Length;
        await context.Response.BodyWriter.WriteAsync(told);
    }

    private static async Task TellAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        byte[] told = [.. "data: "u8, .. body.ToArray(), .. "\n\n"u8];
        await Turn.WaitAsync();
        try
        {
            List<HttpResponse> streams;
            lock (Gate)
            {
                streams = [.. _streams];
                (var next, _next) = (_next, NewNext());
                next.SetResult(told);
            }

            foreach (var stream in streams)
            {
                await stream.BodyWriter.WriteAsync(told);
            }
        }
        finally
        {
            Turn.Release();
        }
    }

    private static TaskCompletionSource<byte[]> NewNext() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
