using AllInOne.Core.Events;
using AllInOne.Core.Live;
using AllInOne.Core.Storage;
using AllInOne.Core.Values;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Connections;

namespace AllInOne.Server.Live;

/// <summary>
/// <c>/api/events</c> as server-sent events: one request that lasts. It writes what its subscription reads, then rests until it is signalled;
/// a client that is slow is read for more slowly, one that is too slow gets a reset and the end. When the web host stops, the
/// stream ends with a pause of its own for each client. When history fails under way, it ends in the same way.
/// </summary>
internal sealed partial class SseStream : LiveConnection
{
    private const int EventsPerRead = 256;
    private const int FlushBytes = 32 * 1024;

    // Not continued on the thread that tells: what follows on its connection may be any request.
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

    /// <summary>Answers with a stream; complete when it has ended.</summary>
    /// <param name="all">Where it is one of.</param>
    /// <param name="context">The request.</param>
    /// <param name="since">The last sequence number that the client has seen; null for now.</param>
    /// <param name="topics">What it wants.</param>
    /// <param name="logger">Is told when it breaks.</param>
    /// <param name="ending">The web host stops.</param>
    public static Task FollowAsync(
        LiveConnections all, HttpContext context, long? since, TopicFilter topics, ILogger logger, CancellationToken ending)
    {
        var stream = new SseStream(all, context, since, topics, logger);
        return stream.Open(ending) ? stream._ended.Task : LivePeer.TooMany(all).ExecuteAsync(context);
    }

    /// <summary>The headers alone, for HEAD.</summary>
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
            // It came after the others were told.
            Signal(LiveSignals.Ending);
        }

        Start();
        return true;
    }

    private static void SetHeaders(HttpResponse response)
    {
        ServerSentEvents.SetHeaders(response);
        // A cache must not mix this up with the long poll.
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
            // The beginning: the client sees that it is connected before anything happens.
            await FlushAsync(0);
        }

        if (TryTake(out _))
        {
            return await TellAsync();
        }

        if ((signals & LiveSignals.Heartbeat) != 0)
        {
            _subscription.Advance();
            SseWriter.WriteHeartbeat(output, _subscription.Cursor);
            await FlushAsync(0);
        }

        return true;
    }

    /// <summary>Writes a page of what there is. False when the client was dropped.</summary>
    private async ValueTask<bool> TellAsync()
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
