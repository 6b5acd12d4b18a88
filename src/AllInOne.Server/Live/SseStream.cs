using AllInOne.Core.Events;
using AllInOne.Core.Live;
using AllInOne.Core.Storage;
using AllInOne.Core.Values;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Connections;

namespace AllInOne.Server.Live;

/// <summary>
/// One stream of server-sent events at <c>/api/events</c>. It writes the events of its subscription, then waits for the next signal. For a slow
/// client it reads the events more slowly; a client that is too slow gets a reset, and the stream ends. When the web host stops, or when history
/// fails, the stream ends with a random retry delay for its client.
/// </summary>
internal sealed partial class SseStream : LiveConnection
{
    private const int EventsPerRead = 256;
    private const int FlushBytes = 32 * 1024;

    // Continuations do not run on the thread that ends the stream, because the next request of the connection may do any work.
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HttpContext _context;
    private readonly WatchedConnection? _connection;
    private readonly Subscription _subscription;
    private readonly ILogger _logger;
    private CancellationTokenRegistration _gone;

    private SseStream(LiveConnections all, HttpContext context, long? since, TopicFilter topics, ILogger logger)
        : base(all, LiveTransport.Sse)
    {
        (_context, _connection, _logger) = (context, LivePeer.ConnectionOf(context), logger);
        _subscription = Subscribe(since, topics);
    }

    public override string Peer => LivePeer.Of(_context);

    public override IReadOnlyCollection<Subscription> Subscriptions => [_subscription];

    /// <summary>Answers with a stream; completes when the stream has ended.</summary>
    /// <param name="all">All live connections.</param>
    /// <param name="context">The request.</param>
    /// <param name="since">The last sequence number that the client has seen; null for now.</param>
    /// <param name="topics">The topics of the subscription.</param>
    /// <param name="logger">Logs a failure of the stream.</param>
    /// <param name="ending">Cancelled when the web host stops.</param>
    public static Task FollowAsync(
        LiveConnections all, HttpContext context, long? since, TopicFilter topics, ILogger logger, CancellationToken ending)
    {
        var stream = new SseStream(all, context, since, topics, logger);
        return stream.Open(ending) ? stream._ended.Task : LivePeer.TooMany(all).ExecuteAsync(context);
    }

    /// <summary>Sends only the headers, for HEAD.</summary>
    public static Task HeadAsync(HttpContext context)
    {
        SetHeaders(context.Response);
        return Task.CompletedTask;
    }

    protected override long? Acknowledged => _connection?.Acknowledged;

    protected override void Abort() => _context.Abort();

    protected override async ValueTask<bool> ServeAsync(LiveSignals signals)
    {
        if ((signals & LiveSignals.Gone) != 0)
        {
            return false;
        }

        try
        {
            return await FollowAsync(signals);
        }
        catch (OperationCanceledException) when (_context.RequestAborted.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception failure) when (failure is StorageException or UnavailableException)
        {
            LogBroken(Peer, failure.Message);
            SseWriter.WriteRetry(_context.Response.BodyWriter, All.RetryAfter());
            return false;
        }
    }

    protected override void OnEnded(Exception? failure)
    {
        _gone.Dispose();
        _connection?.HasOwnRule = false;
        if (failure is null)
        {
            _ended.SetResult();
        }
        else
        {
            _ended.SetException(failure);
        }
    }

    private bool Open(CancellationToken ending)
    {
        if (!All.TryOpen(this))
        {
            Unsubscribe(_subscription);
            return false;
        }

        _connection?.HasOwnRule = true;
        _gone = LivePeer.EndWith(this, _context.RequestAborted);
        SetHeaders(_context.Response);
        SseWriter.WriteBegin(_context.Response.BodyWriter, All.RetryAfter(), _subscription.Cursor);
        if (ending.IsCancellationRequested)
        {
            // This stream came after the other ones were notified.
            Signal(LiveSignals.Ending);
        }

        Start();
        return true;
    }

    private static void SetHeaders(HttpResponse response)
    {
        ServerSentEvents.SetHeaders(response);
        // A cache must distinguish this answer from that of the long poll.
        response.Headers.Append("Vary", "Accept");
    }

    private async ValueTask<bool> FollowAsync(LiveSignals signals)
    {
        var output = _context.Response.BodyWriter;
        if ((signals & LiveSignals.Ending) != 0)
        {
            SseWriter.WriteRetry(output, All.RetryAfter());
            return false;
        }

        if (output.UnflushedBytes > 0)
        {
            // Flush the start of the stream, so that the client sees that it is connected before the first event.
            await FlushAsync(0);
        }

        if (TryTake(out _))
        {
            return await SendEventsAsync();
        }

        if ((signals & LiveSignals.Heartbeat) != 0)
        {
            _subscription.Advance();
            SseWriter.WriteHeartbeat(output, _subscription.Cursor);
            await FlushAsync(0);
        }

        return true;
    }

    /// <summary>Writes a page of events. False if the client was dropped.</summary>
    private async ValueTask<bool> SendEventsAsync()
    {
        var output = _context.Response.BodyWriter;
        var page = await _subscription.ReadAsync(EventsPerRead, _context.RequestAborted);
        if (page.Reset)
        {
            SseWriter.WriteReset(output, page.Next);
            await FlushAsync(0);
        }

        var gathered = 0;
        for (var i = 0; i < page.Events.Count && !MustEnd; i++)
        {
            SseWriter.WriteEvent(output, page.Events[i]);
            gathered++;
            if (output.UnflushedBytes >= FlushBytes || i == page.Events.Count - 1)
            {
                await FlushAsync(gathered);
                gathered = 0;
            }
        }

        if (_subscription.IsTooFarBehind)
        {
            All.CountDrop(this, "it is too far behind");
            _subscription.Skip();
            SseWriter.WriteReset(output, _subscription.Cursor);
            return false;
        }

        if (!_subscription.IsCaughtUp)
        {
            Requeue(_subscription);
        }

        return true;
    }

    private async ValueTask FlushAsync(int written)
    {
        BeginWrite();
        await _context.Response.BodyWriter.FlushAsync();
        EndWrite(written);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The stream of {Peer} ends: {Reason}")]
    private partial void LogBroken(string peer, string reason);
}
