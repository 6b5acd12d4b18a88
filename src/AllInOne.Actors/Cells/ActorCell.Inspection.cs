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
    public TimeSpan Busy
    {
        get
        {
            var before = Volatile.Read(ref _busyTicks);
            return Stopwatch.GetElapsedTime(0, before) + (Running is { } worker ? Stopwatch.GetElapsedTime(worker.SliceStart) : TimeSpan.Zero);
        }
    }

    /// <summary>The worker that runs this actor now, or null.</summary>
    private Worker? Running => Volatile.Read(ref _worker) is { } worker && worker.Cell == this ? worker : null;

    public ActorInfo Inspect()
    {
        var parts = _parts;
        var running = Running;
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
            running is null ? null : _system.TimeProvider.GetUtcNow() - InHandFor(running));
    }

    /// <summary>From the monitor's clock where it has seen this message, else from the slice's.</summary>
    private static TimeSpan InHandFor(Worker worker) =>
        Stopwatch.GetElapsedTime(worker.Seen.Progress == worker.Progress ? worker.Seen.Since : worker.SliceStart);

    private string Status(bool inSlice) => _state switch
    {
        CellState.New => "starting",
        CellState.Recreating => "restarting",
        CellState.Stopping or CellState.Closing => "stopping",
        CellState.Draining or CellState.Stopped => "stopped",
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
