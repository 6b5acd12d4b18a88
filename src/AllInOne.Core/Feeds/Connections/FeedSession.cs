using System.IO.Pipelines;
using System.Net.Sockets;
using AllInOne.Core.Entities.Snapshots;

namespace AllInOne.Core.Feeds.Connections;

/// <summary>
/// One connection: its socket, the bytes that were read from it, and the pending elements. It belongs to the actor of the
/// connection and outlives its incarnations, so a restart loses no byte and no element. It is closed when the actor stops for good.
/// </summary>
internal sealed class FeedSession : IDisposable
{
    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly FeedBudget _budget;
    private readonly Action<FeedSession> _closed;
    private readonly CancellationTokenSource _end = new();
    private int _counted;
    private volatile bool _heldBack;
    private bool _disposed;

    public FeedSession(
        int id,
        Socket socket,
        XmlFeedOptions options,
        EntityLimits limits,
        FeedCounters counters,
        FeedBudget budget,
        DateTimeOffset since,
        Action<FeedSession> closed)
    {
        (Id, Since, Counters, Intake) = (id, since, counters, new FeedIntake(options, limits, counters));
        (_socket, _budget, _closed) = (socket, budget, closed);
        socket.NoDelay = true;
        // Keep-alive detects a client that vanished without closing its connection.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        Peer = socket.RemoteEndPoint?.ToString() ?? "unknown";
        _stream = new NetworkStream(socket, ownsSocket: false);
        // No buffer is held while the client sends nothing.
        Reader = PipeReader.Create(_stream, new StreamPipeReaderOptions(bufferSize: options.ReadBytes, leaveOpen: true, useZeroByteReads: true));
    }

    public int Id { get; }

    public string Peer { get; }

    public DateTimeOffset Since { get; }

    public FeedCounters Counters { get; }

    public FeedIntake Intake { get; }

    public PipeReader Reader { get; }

    /// <summary>Cancelled when the session is closed.</summary>
    public CancellationToken End => _end.Token;

    /// <summary>Whether a read is active. Its result comes to the actor as a message.</summary>
    public bool Reading { get; set; }

    /// <summary>Whether storage is full. The actor is notified when it has room again.</summary>
    public bool WaitsForRoom { get; set; }

    /// <summary>Whether it is not read, because too many elements are pending or storage is full. Set only when <see cref="InFlight"/> is up to date.</summary>
    public bool HeldBack
    {
        get => _heldBack;
        set => _heldBack = value;
    }

    /// <summary>Whether a write of an acknowledgement is active. Its result comes to the actor as a message.</summary>
    public bool Writing { get; set; }

    /// <summary>
    /// Whether no more is read: the client has closed its side or sent nothing for too long, the connection failed, or the server stops.
    /// </summary>
    public bool Ending { get; set; }

    /// <summary>Whether the server stops. Then there is a deadline.</summary>
    public bool Draining { get; set; }

    /// <summary>Whether the client cannot receive anything any more.</summary>
    public bool CannotReceive { get; set; }

    /// <summary>The last count that was sent to the client, or is being sent.</summary>
    public long AckSent { get; set; }

    /// <summary>The number of logged rejections, and the time of the last log line.</summary>
    public (long Count, long? At) Logged { get; set; }

    /// <summary>The number of pending elements, for any thread.</summary>
    public int InFlight => Volatile.Read(ref _counted);

    public bool IsSettled => Intake.Window.Load == 0;

    /// <summary>Whether the client has all acknowledgements, or did not request them, or cannot receive them.</summary>
    public bool IsAcknowledged => CannotReceive || !Intake.AcksRequested || (!Writing && AckSent == Intake.Window.Acknowledged);

    public string Status => Ending ? "ending" : HeldBack ? "waiting" : "open";

    public bool MayRead(XmlFeedOptions options) =>
        !Ending && !Reading && !WaitsForRoom
        && Intake.Window.Load < options.MaxInFlight
        && (Intake.Window.Load == 0 || _budget.Load < options.MaxInFlightTotal);

    /// <summary>Brings <see cref="InFlight"/> and the common budget up to date.</summary>
    public void Count()
    {
        var load = Intake.Window.Load;
        _budget.Add(load - _counted);
        Volatile.Write(ref _counted, load);
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes) => _stream.WriteAsync(bytes, End);

    /// <summary>
    /// Closes the connection: normally if all received events are handled and acknowledged; otherwise by a reset, so that no
    /// client understands the end as a commit.
    /// </summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _budget.Add(-_counted);
        Volatile.Write(ref _counted, 0);
        // Report the end before the client sees it, so that the figures are correct then.
        _closed(this);
        _end.Cancel();
        try
        {
            if (IsSettled && IsAcknowledged && Intake.Refusal is null)
            {
                _socket.Shutdown(SocketShutdown.Both);
            }
            else
            {
                _socket.LingerState = new LingerOption(true, 0);
            }
        }
        catch (SocketException)
        {
            // The client has closed the connection already.
        }

        if (!Reading)
        {
            Reader.Complete();
        }

        _stream.Dispose();
        _socket.Dispose();
        _end.Dispose();
    }
}
