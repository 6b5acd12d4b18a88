using System.Diagnostics;

namespace AllInOne.Actors;

/// <summary>What others may read of a running actor: plain fields, at worst a moment old.</summary>
internal sealed partial class ActorCell
{
    public ActorInfo Inspect()
    {
        var parts = _parts;
        var sliceStart = Volatile.Read(ref _sliceStart);
        var running = sliceStart == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(sliceStart);
        return new ActorInfo(
            Path.ToStringWithoutAddress(),
            _props.Type,
            Status(sliceStart != 0),
            _mailbox.Count,
            Volatile.Read(ref _handled),
            Stopwatch.GetElapsedTime(0, Volatile.Read(ref _busyTicks)) + running,
            parts?.Restarts ?? 0,
            ChildCount(parts),
            parts?.LastFailure,
            _envelope?.Message.GetType(),
            sliceStart == 0 ? null : _system.TimeProvider.GetUtcNow() - running);
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
