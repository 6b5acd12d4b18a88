using System.Diagnostics;

namespace AllInOne.Actors;

/// <summary>What others may read of a running actor: plain fields, at worst a moment old.</summary>
internal sealed partial class ActorCell
{
    /// <summary>User messages waiting.</summary>
    public int MailboxLength => _mailbox.Count;

    /// <summary>User messages taken since the start, over all restarts.</summary>
    public long Handled => Volatile.Read(ref _handled);

    public int Restarts => _parts?.Restarts ?? 0;

    /// <summary>Time spent in slices, the one in progress included.</summary>
    public TimeSpan Busy => Stopwatch.GetElapsedTime(0, Volatile.Read(ref _busyTicks)) + (InSlice ?? TimeSpan.Zero);

    /// <summary>For how long the slice in progress has been going on; null between slices.</summary>
    private TimeSpan? InSlice => Volatile.Read(ref _sliceStart) is var start and not 0 ? Stopwatch.GetElapsedTime(start) : null;

    public ActorInfo Inspect()
    {
        var parts = _parts;
        var running = InSlice;
        return new ActorInfo(
            Path.ToStringWithoutAddress(),
            _props.Type,
            Status(running is not null),
            MailboxLength,
            Handled,
            Busy,
            Restarts,
            ChildCount(parts),
            parts?.LastFailure,
            _envelope?.Message.GetType(),
            running is { } time ? _system.TimeProvider.GetUtcNow() - time : null);
    }

    private string Status(bool inSlice) => _state switch
    {
        CellState.New => "starting",
        CellState.Recreating => "restarting",
        CellState.Stopping => "stopping",
        CellState.Stopped => "stopped",
        _ when _suspensions > 0 => "suspended",
        _ when IsAwaiting => "waiting",
        _ => inSlice ? "busy" : "idle",
    };

    private static int ChildCount(CellParts? parts)
    {
        if (parts?.Children is not { } children)
        {
            return 0;
        }

        lock (children)
        {
            return children.Count;
        }
    }
}
