using AllInOne.Core.Inspection;

namespace AllInOne.Server.Endpoints.Actors;

/// <summary>
/// Reads a part of the tree from the top down, children by name, in pieces: an actor, then all below it, then its next
/// sibling. A piece may begin behind any path, also one that is gone by now, so that paging needs no memory here.
/// </summary>
/// <param name="inspection">What is read.</param>
/// <param name="chunk">How many children are asked for at once: as many as the piece takes, for each question looks at all there are.</param>
internal sealed class ActorTreeWalk(IInspection inspection, int chunk)
{
    /// <param name="root">Where the walk begins; itself the first one.</param>
    /// <param name="depth">Levels below the root.</param>
    /// <param name="after">The last path of the piece before, or null.</param>
    public IEnumerable<ActorSnapshot> From(string root, int depth, string? after)
    {
        var levels = new Stack<Level>();
        if (after is null)
        {
            if (inspection.Find(root) is not { } top)
            {
                yield break;
            }

            yield return top;
            levels.Push(new Level(root, null, depth));
        }
        else
        {
            Resume(levels, root, depth, after);
        }

        while (levels.TryPeek(out var level))
        {
            if (level.Depth == 0 || Next(level) is not { } actor)
            {
                levels.Pop();
                continue;
            }

            yield return actor;
            if (actor.Children > 0)
            {
                levels.Push(new Level(actor.Path, null, level.Depth - 1));
            }
        }
    }

    /// <summary>Whether a path lies at or below a root, as a cursor must.</summary>
    public static bool IsWithin(string root, string path) =>
        path == root || path.StartsWith(Below(root), StringComparison.Ordinal);

    // One level for each element of the path behind which the piece begins: its later siblings are still to come.
    private static void Resume(Stack<Level> levels, string root, int depth, string after)
    {
        var parent = root;
        foreach (var name in after[root.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            levels.Push(new Level(parent, name, depth--));
            parent = Below(parent) + name;
        }

        levels.Push(new Level(parent, null, Math.Max(0, depth)));
    }

    private ActorSnapshot? Next(Level level)
    {
        if (level.Waiting.Count == 0 && !level.IsRead)
        {
            var children = inspection.Children(level.Parent, level.After, chunk);
            foreach (var child in children)
            {
                level.Waiting.Enqueue(child);
                level.After = child.Path[(child.Path.LastIndexOf('/') + 1)..];
            }

            level.IsRead = children.Count < chunk;
        }

        return level.Waiting.TryDequeue(out var next) ? next : null;
    }

    private static string Below(string path) => path.EndsWith('/') ? path : path + "/";

    private sealed class Level(string parent, string? after, int depth)
    {
        public string Parent { get; } = parent;

        public string? After { get; set; } = after;

        public int Depth { get; } = depth;

        /// <summary>There are no children behind those that wait.</summary>
        public bool IsRead { get; set; }

        public Queue<ActorSnapshot> Waiting { get; } = new();
    }
}
