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
