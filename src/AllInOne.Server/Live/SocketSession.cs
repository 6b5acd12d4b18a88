using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using AllInOne.Core.Live;
using AllInOne.Core.Storage;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Connections;

namespace AllInOne.Server.Live;

/// <summary>
/// One WebSocket: a loop that receives the messages of the client, and a loop that sends events to it, until either ends. Its request owns it. Many
/// subscriptions share one socket, each with its own cursor. A client that is too slow gets a reset of the subscription and the close code 1013. An
/// invalid message gets an error, and the third one the close code 1008.
/// </summary>
internal sealed class SocketSession : LiveConnection
{
    private const int EventsPerRead = 256;
    private const int MostPages = 16;
    private const int FirstBufferBytes = 1024;
    private const int MaxMistakes = 3;
    private const WebSocketCloseStatus ServiceRestart = (WebSocketCloseStatus)1012;
    private const WebSocketCloseStatus TryAgainLater = (WebSocketCloseStatus)1013;

    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(2);

    private readonly HttpContext _context;
    private readonly WatchedConnection? _connection;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    // The receiving loop and the sending loop both use the subscriptions.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Subscription> _subscriptions = new(StringComparer.Ordinal);
    private SocketStream _stream = null!;
    private WebSocket _socket = null!;
    private SocketWriter _writer = null!;
    private int _mistakes;

    public SocketSession(LiveConnections all, HttpContext context)
        : base(all, LiveTransport.WebSocket) =>
        (_context, _connection) = (context, LivePeer.ConnectionOf(context));

    public override string Peer => LivePeer.Of(_context);

    public override IReadOnlyCollection<Subscription> Subscriptions
    {
        get
        {
            lock (_gate)
            {
                return [.. _subscriptions.Values];
            }
        }
    }

    private CancellationToken Aborted => _context.RequestAborted;

    /// <summary>Accepts the WebSocket and serves it until it is closed.</summary>
    /// <param name="ending">Cancelled when the web host stops.</param>
    public async Task RunAsync(CancellationToken ending)
    {
        if (!All.TryOpen(this))
        {
            await LivePeer.TooMany(All).ExecuteAsync(_context);
            return;
        }

        _connection?.HasOwnRule = true;
        using var gone = LivePeer.EndWith(this, Aborted);
        try
        {
            // The framework sends the protocol's pings. A client that answers none of them has gone.
            _stream = await SocketHandshake.AcceptAsync(_context);
            using var socket = WebSocket.CreateFromStream(_stream, new WebSocketCreationOptions
            {
                IsServer = true, KeepAliveInterval = All.Options.Heartbeat, KeepAliveTimeout = All.Options.SlowWriteTimeout,
            });
            using var writer = new SocketWriter(socket, this);
            (_socket, _writer) = (socket, writer);
            await ServeAsync(ending);
        }
        catch (Exception lost) when (IsLost(lost))
        {
            // One of the two sides has closed the connection.
            _context.Abort();
        }
        finally
        {
            if (_socket is null)
            {
                // The handshake failed, so there is no socket.
                Signal(LiveSignals.Gone);
                Start();
            }
        }
    }

    protected override long? Acknowledged => _connection?.Acknowledged;

    protected override void Abort() => _context.Abort();

    protected override async ValueTask<bool> ServeAsync(LiveSignals signals)
    {
        if ((signals & LiveSignals.Gone) != 0)
        {
            return false;
        }

        if ((signals & LiveSignals.Ending) != 0)
        {
            await _writer.CloseAsync(ServiceRestart, "The server restarts.", Aborted);
            return false;
        }

        try
        {
            for (var pages = 0; !MustEnd && TryTake(out var subscription); pages++)
            {
                if (pages == MostPages)
                {
                    Requeue(subscription);
                    break;
                }

                if (IsOpen(subscription) && !await SendEventsAsync(subscription))
                {
                    await _writer.CloseAsync(TryAgainLater, "Too far behind.", Aborted);
                    return false;
                }
            }
        }
        catch (Exception failure) when (failure is StorageException or UnavailableException)
        {
            await _writer.CloseAsync(TryAgainLater, "History cannot be read now.", Aborted);
            return false;
        }

        return true;
    }

    protected override void OnEnded(Exception? failure)
    {
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

    private async Task ServeAsync(CancellationToken ending)
    {
        var receiving = ReceiveMessagesAsync();
        if (ending.IsCancellationRequested)
        {
            // This socket came after the other sockets were notified. Their time limit does not apply to it; the limit of ordinary answers does.
            _connection?.HasOwnRule = false;
            Signal(LiveSignals.Ending);
        }

        Start();
        try
        {
            await _ended.Task;
        }
        catch (Exception late) when (IsLost(late) && _stream.HasSentClose)
        {
            // The session tried to send after the close frame.
        }

        // The client's answer to the close frame ends the receiving loop and the drain. A client that does not answer is disconnected, because a
        // restart must not wait for it.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Aborted);
        limit.CancelAfter(CloseLimit);
        await receiving.WaitAsync(limit.Token);
        await _stream.DrainAsync(limit.Token);
    }

    /// <summary>The connection is broken, or the socket is closed already.</summary>
    private static bool IsLost(Exception failure) =>
        failure is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException;

    private async Task<bool> SendEventsAsync(Subscription subscription)
    {
        var id = JsonEncodedText.Encode(subscription.Id!);
        var page = await subscription.ReadAsync(EventsPerRead, Aborted);
        if (page.Reset)
        {
            await _writer.AnswerAsync(new { type = "reset", subscription.Id, page.Next });
        }

        foreach (var entry in page.Events)
        {
            if (MustEnd || !IsOpen(subscription))
            {
                return true;
            }

            await _writer.SendEventAsync(id, entry);
        }

        if (subscription.IsTooFarBehind)
        {
            All.CountDrop(this, "it is too far behind");
            subscription.Skip();
            await _writer.AnswerAsync(new { type = "reset", subscription.Id, Next = subscription.Cursor });
            return false;
        }

        if (!subscription.IsCaughtUp)
        {
            Requeue(subscription);
        }

        return true;
    }

    private async Task ReceiveMessagesAsync()
    {
        try
        {
            while (await ReceiveAsync())
            {
            }
        }
        catch (Exception gone) when (IsLost(gone))
        {
            // The connection was closed without a close frame, or the framework has refused a frame and sent a close frame.
        }
        finally
        {
            Signal(LiveSignals.Gone);
        }
    }

    /// <summary>Receives one message. False if it was the last one.</summary>
    private async Task<bool> ReceiveAsync()
    {
        // Waits without a buffer, so that an idle client holds no memory.
        var first = await _socket.ReceiveAsync(Memory<byte>.Empty, Aborted);
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBufferBytes);
        try
        {
            var (length, end, type) = (0, first.EndOfMessage, first.MessageType);
            while (!end && type != WebSocketMessageType.Close)
            {
                if (length == buffer.Length)
                {
                    buffer = Grown(buffer);
                }

                var part = await _socket.ReceiveAsync(buffer.AsMemory(length), Aborted);
                (length, end, type) = (length + part.Count, part.EndOfMessage, part.MessageType);
                if (length > All.Options.MaxMessageBytes)
                {
                    await _writer.CloseAsync(WebSocketCloseStatus.MessageTooBig, $"At most {All.Options.MaxMessageBytes} bytes.", Aborted);
                    return false;
                }
            }

            switch (type)
            {
                case WebSocketMessageType.Close:
                    await _writer.CloseAsync(WebSocketCloseStatus.NormalClosure, "", Aborted);
                    return false;
                case WebSocketMessageType.Binary:
                    await _writer.CloseAsync(WebSocketCloseStatus.InvalidMessageType, "Messages are text.", Aborted);
                    return false;
                default:
                    return await HandleAsync(new ReadOnlySequence<byte>(ByteOrderMark.Skip(buffer.AsMemory(0, length))));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grown(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private async Task<bool> HandleAsync(ReadOnlySequence<byte> utf8)
    {
        SocketRequest? request;
        string? id = null, error;
        try
        {
            request = SocketRequest.Parse(utf8, out id, out error);
        }
        catch (JsonException broken)
        {
            (request, error) = (null, $"The message is no JSON: {BrokenJson.Describe(broken, utf8.Length)}");
        }

        switch (request?.Type)
        {
            case SocketRequest.Subscribe:
                return await SubscribeAsync(request);
            case SocketRequest.Unsubscribe:
                return await UnsubscribeAsync(request.Id!);
            case SocketRequest.Ping:
                await _writer.AnswerAsync(new { type = "pong" });
                return true;
            default:
                return await RefuseAsync(id, StatusCodes.Status400BadRequest, error!);
        }
    }

    private async Task<bool> SubscribeAsync(SocketRequest request)
    {
        var most = All.Options.MaxSubscriptionsPerSocket;
        bool known;
        int count;
        lock (_gate)
        {
            (known, count) = (_subscriptions.ContainsKey(request.Id!), _subscriptions.Count);
        }

        if (known || count >= most)
        {
            return known
                ? await RefuseAsync(request.Id, StatusCodes.Status409Conflict, "There is a subscription of this id already.")
                : await RefuseAsync(request.Id, StatusCodes.Status503ServiceUnavailable, $"At most {most} subscriptions at once.");
        }

        // Before the subscription exists, so that this message comes before its first event.
        var since = request.Since ?? All.Events.Head;
        await _writer.AnswerAsync(new { type = "subscribed", request.Id, Next = since });
        lock (_gate)
        {
            // When the connection ends, it either removes this subscription too, or HasEnded is true here.
            if (HasEnded)
            {
                return false;
            }

            // Within the lock, because the sending loop may use the subscription at once, and must find it.
            _subscriptions[request.Id!] = Subscribe(since, request.Topics, request.Id);
        }

        return true;
    }

    private async Task<bool> UnsubscribeAsync(string id)
    {
        Subscription? ended;
        lock (_gate)
        {
            _subscriptions.Remove(id, out ended);
        }

        if (ended is null)
        {
            return await RefuseAsync(id, StatusCodes.Status404NotFound, "There is no subscription of this id.");
        }

        Unsubscribe(ended);
        await _writer.AnswerAsync(new { type = "unsubscribed", id });
        return true;
    }

    private async Task<bool> RefuseAsync(string? id, int status, string detail)
    {
        await _writer.AnswerAsync(new { type = "error", id, problem = new { status, title = Problem.TitleOf(status), detail } });
        if (status == StatusCodes.Status400BadRequest && ++_mistakes >= MaxMistakes)
        {
            await _writer.CloseAsync(WebSocketCloseStatus.PolicyViolation, "Too many messages that make no sense.", Aborted);
            return false;
        }

        return true;
    }

    private bool IsOpen(Subscription subscription)
    {
        lock (_gate)
        {
            return _subscriptions.TryGetValue(subscription.Id!, out var known) && known == subscription;
        }
    }
}
