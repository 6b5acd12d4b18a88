namespace AllInOne.Actors;

/// <summary>Looks into a running system. Reads only; nothing here waits for an actor.</summary>
public static class ActorSystemInspection
{
    /// <summary>The actor at <paramref name="path"/> (<c>/user/…</c>), or null.</summary>
    public static ActorInfo? Inspect(this ActorSystem system, string path) => Find(system, path)?.Inspect();

    /// <summary>Its reference, or null.</summary>
    public static IActorRef? Resolve(this ActorSystem system, string path) => Find(system, path);

    /// <summary>The children of the actor at <paramref name="path"/>, by name; empty when there is no such actor.</summary>
    /// <param name="system">The system.</param>
    /// <param name="path">Whose children.</param>
    /// <param name="after">Only names behind this one; null: from the first.</param>
    /// <param name="limit">How many at the most.</param>
    public static IReadOnlyList<ActorInfo> InspectChildren(this ActorSystem system, string path, string? after, int limit) =>
        Find(system, path) is not { } cell
            ? []
            : cell.ChildCells()
                .Where(child => after is null || string.CompareOrdinal(child.Name, after) > 0)
                .OrderBy(child => child.Name, StringComparer.Ordinal)
                .Take(limit)
                .Select(child => child.Inspect())
                .ToList();

    /// <summary>The threads that run the actors.</summary>
    public static SchedulerInfo InspectScheduler(this ActorSystem system) => system.Dispatcher.Inspect();

    /// <summary>Those actors that have most of something, the greatest first.</summary>
    /// <param name="system">The system.</param>
    /// <param name="measure">Of what.</param>
    /// <param name="window">Over how long busy time and messages are taken.</param>
    /// <param name="limit">How many at the most.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public static Task<IReadOnlyList<TopInfo>> InspectTopAsync(
        this ActorSystem system, ActorMeasure measure, TimeSpan window, int limit, CancellationToken cancellation) =>
        TopSample.TakeAsync(system.Root, measure, window, limit, cancellation);

    /// <summary>Watches what one actor handles; null when there is no such actor.</summary>
    /// <param name="system">The system.</param>
    /// <param name="path">Which actor.</param>
    /// <param name="every">One of how many messages is told; failures always are.</param>
    /// <param name="cancellation">Ends the trace.</param>
    public static IAsyncEnumerable<TracedEnvelope>? Trace(
        this ActorSystem system, string path, int every, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        return Find(system, path) is { } cell ? MessageTrace.FollowAsync(cell, every, cancellation) : null;
    }

    /// <summary>Cancelled as soon as the actor is told to stop or to restart.</summary>
    public static CancellationToken GetStoppingToken(this IActorContext context) =>
        context is ActorCell cell ? cell.StoppingToken() : CancellationToken.None;

    private static ActorCell? Find(ActorSystem system, string path)
    {
        var cell = system.Root;
        foreach (var element in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (cell.FindChild(element) is not { } child)
            {
                return null;
            }

            cell = child;
        }

        return cell;
    }
}
