using System.Diagnostics;
using Akka.Actor;
using Akka.Actor.Internal;

namespace AllInOne.Actors;

/// <summary>Reads one actor: its cell, the account in its queue, and the worker that runs its current message.</summary>
internal readonly struct ActorReading(WorkScheduler scheduler, ActorRefWithCell actor)
{
    private readonly ActorCell? _cell = actor.Underlying as ActorCell;
    private readonly FairMessageQueue? _queue = actor.Underlying is ActorCell cell ? FairDispatcher.QueueOf(cell) : null;

    public FairMessageQueue? Queue => _queue;

    /// <summary>Time spent in slices, including the current slice, in stopwatch ticks.</summary>
    public long BusyTicks => _queue is null ? 0 : _queue.BusyTicks + TicksInSlice(scheduler.RunnerOf(_queue));

    public ActorInfo ToInfo()
    {
        var runner = _queue is null ? null : scheduler.RunnerOf(_queue);
        return new ActorInfo(
            actor.Path.ToStringWithoutAddress(),
            actor.Underlying.Props.Type,
            StatusOf(runner),
            _queue?.Count ?? 0,
            _queue?.Handled ?? 0,
            Stopwatch.GetElapsedTime(0, (_queue?.BusyTicks ?? 0) + TicksInSlice(runner)),
            _queue?.Details?.Restarts ?? 0,
            CountOf(_cell?.ChildrenContainer),
            _queue?.Details?.LastFailure,
            runner?.Message is { } message ? WrappedMessage.Unwrap(message).GetType() : null,
            runner is null ? null : DateTimeOffset.UtcNow - runner.InHandFor);
    }

    private static long TicksInSlice(Worker? runner) => runner is null ? 0 : Math.Max(0, Stopwatch.GetTimestamp() - runner.SliceStart);

    private static int CountOf(IChildrenContainer? children) => children is ChildTable table ? table.Count : children?.Children.Count ?? 0;

    private string StatusOf(Worker? runner)
    {
        if (_cell is null)
        {
            return "starting";
        }

        return actor.Underlying.IsTerminated ? "stopped"
            : _cell.ChildrenContainer.IsTerminating ? "stopping"
            : _cell.Mailbox is { } mailbox && Abandonment.IsRestartAsked(mailbox) ? "restarting"
            : _cell.TaskScheduler.CurrentMessage is not null ? "waiting"
            : runner is not null ? "busy"
            : AkkaInternals.IsSuspended(_cell) ? "suspended"
            : "idle";
    }
}
