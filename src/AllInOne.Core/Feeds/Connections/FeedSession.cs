using System.IO.Pipelines;
using System.Net.Sockets;
using AllInOne.Core.Entities;

namespace AllInOne.Core.Feeds.Connections;

/// <summary>
/// One connection: its socket, what has been read from it and what of that is on its way. It belongs to the actor of the
/// connection and outlives its incarnations: a restart loses no byte and no element. Closed when that actor stops for good.
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
        // A client that is gone without a word is found out in the end.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        Peer = socket.RemoteEndPoint?.ToString() ?? "unknown";
        _stream = new NetworkStream(socket, ownsSocket: false);
        // No buffer is held while nothing comes.
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

    /// <summary>A read is under way; its outcome will come to the actor.</summary>
    public bool Reading { get; set; }

    /// <summary>Whether storage is full. The actor is notified when it has room again.</summary>
    public bool WaitsForRoom { get; set; }

    /// <summary>Not read, because too much is on its way or storage is full. Said only when <see cref="InFlight"/> is up to date.</summary>
    public bool HeldBack
    {
        get => _heldBack;
        set => _heldBack = value;
    }

    /// <summary>An acknowledgement is being written; its outcome will come to the actor.</summary>
    public bool Writing { get; set; }

    /// <summary>Nothing more is read: the client has ended, the connection failed, or the server stops.</summary>
    public bool Ending { get; set; }

    /// <summary>The server stops: there is a deadline.</summary>
    public bool Draining { get; set; }

    /// <summary>Nothing can be written any more.</summary>
    public bool Deaf { get; set; }

    /// <summary>The last count that was sent to the client, or is being sent.</summary>
    public long Told { get; set; }

    /// <summary>Of the rejections, how many were logged, and when the last time.</summary>
    public (long Count, long? At) Logged { get; set; }

    /// <summary>How much is on its way, as any thread may read it.</summary>
    public int InFlight => Volatile.Read(ref _counted);

    public bool IsSettled => Intake.Window.Load == 0;

    /// <summary>Whether the client has all acknowledgements, or did not request them, or cannot receive them.</summary>
    public bool HasTold => Deaf || !Intake.Acknowledge || (!Writing && Told == Intake.Window.Acknowledged);

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
    /// Closes the connection: in good order where all that was received is committed and told; else by a reset, so that no
    /// client takes the end for a commit.
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
        // Before the client sees the end: then the figures are right.
        _closed(this);
        _end.Cancel();
        try
        {
            if (IsSettled && HasTold && Intake.Refusal is null)
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
            // The client was faster.
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
