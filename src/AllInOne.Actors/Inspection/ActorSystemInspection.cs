using Akka.Actor;

namespace AllInOne.Actors;

/// <summary>Inspects a running system that uses <see cref="FairActors.Config"/>. No method waits for an actor.</summary>
public static class ActorSystemInspection
{
    /// <summary>The actor at <paramref name="path"/> (<c>/</c>, <c>/user/…</c>, <c>/system/…</c>), or null.</summary>
    public static ActorInfo? Inspect(this ActorSystem system, string path) =>
        Find(system, path) is { } actor ? new ActorReading(WorkScheduler.Of(system), actor).ToInfo() : null;

    /// <summary>The reference of the actor at <paramref name="path"/>, or null.</summary>
    public static IInternalActorRef? Resolve(this ActorSystem system, string path) => Find(system, path);

    /// <summary>The children of the actor at <paramref name="path"/>, by name; empty if the actor does not exist.</summary>
    /// <param name="system">The system.</param>
    /// <param name="path">The path of their parent.</param>
    /// <param name="after">Only names after this one; null for all names.</param>
    /// <param name="limit">The maximum number of children.</param>
    public static IReadOnlyList<ActorInfo> InspectChildren(this ActorSystem system, string path, string? after, int limit) =>
        Find(system, path) is not { } parent
            ? []
            : parent.Children.OfType<ActorRefWithCell>()
                .Where(child => after is null || string.CompareOrdinal(child.Path.Name, after) > 0)
                .OrderBy(child => child.Path.Name, StringComparer.Ordinal)
                .Take(limit)
                .Select(child => new ActorReading(WorkScheduler.Of(system), child).ToInfo())
                .ToList();

    /// <summary>The threads that run the actors.</summary>
    public static SchedulerInfo InspectScheduler(this ActorSystem system) => WorkScheduler.Of(system).Inspect();

    /// <summary>
    /// Sets how many actors run at the same time. Has no effect after the termination of the system. Current messages are completed, so after a
    /// reduction more actors may run until then.
    /// </summary>
    /// <param name="system">The system.</param>
    /// <param name="workers">
    /// 1 to <see cref="SchedulerInfo.MaxWorkers"/>: twice the cores, or <c>fair-scheduler.workers</c> if that is more; below <c>max-threads</c>.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The number of workers is out of this range.</exception>
    public static void ResizeScheduler(this ActorSystem system, int workers) => WorkScheduler.Of(system).Pool.Resize(workers);

    /// <summary>
    /// Completes with the reason when the scheduler gives up: no thread is left, or the scheduler itself failed. Do not wait for the termination
    /// of the system then, because its actors may be stuck for ever.
    /// </summary>
    public static Task<Exception> WhenGivenUp(this ActorSystem system) => WorkScheduler.Of(system).WhenGivenUp;

    /// <summary>The actors with the highest values of a measure, in descending order.</summary>
    /// <param name="system">The system.</param>
    /// <param name="measure">The measure.</param>
    /// <param name="window">The time over which busy time and messages are measured.</param>
    /// <param name="limit">The maximum number of actors.</param>
    /// <param name="cancellation">Cancels the measurement.</param>
    public static Task<IReadOnlyList<TopInfo>> InspectTopAsync(
        this ActorSystem system, ActorMeasure measure, TimeSpan window, int limit, CancellationToken cancellation) =>
        TopSample.TakeAsync(WorkScheduler.Of(system), RootOf(system), measure, window, limit, cancellation);

    /// <summary>Follows the messages that one actor handles; null if the actor does not exist.</summary>
    /// <param name="system">The system.</param>
    /// <param name="path">The path of the actor.</param>
    /// <param name="every">One of this many messages is reported; failures are always reported.</param>
    /// <param name="cancellation">Ends the trace.</param>
    public static IAsyncEnumerable<TracedEnvelope>? Trace(this ActorSystem system, string path, int every, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        return Find(system, path) is { Underlying: ActorCell cell } && FairDispatcher.QueueOf(cell) is { } queue
            ? MessageTrace.FollowAsync(WorkScheduler.Of(system), queue, every, cancellation)
            : null;
    }

    private static ActorRefWithCell RootOf(ActorSystem system) => (ActorRefWithCell)((ExtendedActorSystem)system).Provider.RootGuardian;

    private static ActorRefWithCell? Find(ActorSystem system, string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        IInternalActorRef actor = RootOf(system);
        if (path is "/")
        {
            return (ActorRefWithCell)actor;
        }

        var elements = path.Split('/');
        if (elements is not ["", _, ..] || path.Contains('#'))
        {
            // Akka.NET parses the text after a '#' as an incarnation.
            return null;
        }

        foreach (var element in elements.AsSpan(1))
        {
            actor = actor is ActorRefWithCell parent && element.Length > 0 ? parent.GetSingleChild(element) : ActorRefs.Nobody;
        }

        return actor as ActorRefWithCell;
    }
}
