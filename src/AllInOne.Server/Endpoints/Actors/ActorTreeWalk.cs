using AllInOne.Core.Inspection;

namespace AllInOne.Server.Endpoints.Actors;

/// <summary>
/// Reads the tree of actors in pages: an actor, then all actors below it, then its next sibling by name. A page may start after any path, even if
/// that actor has stopped meanwhile, so the server keeps no state between two pages.
/// </summary>
/// <param name="inspection">The source of the actors.</param>
/// <param name="chunk">How many children one query returns. Use the size of the page, because each query examines all children.</param>
internal sealed class ActorTreeWalk(IInspection inspection, int chunk)
{
    /// <param name="root">The root of the walk, which is its first actor.</param>
    /// <param name="depth">Levels below the root.</param>
    /// <param name="after">The last path of the previous page, or null.</param>
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

    /// <summary>Whether a path is a root or below it; a cursor must be.</summary>
    public static bool IsWithin(string root, string path) =>
        path == root || path.StartsWith(Below(root), StringComparison.Ordinal);

    // One level for each element of the path after which the page starts. The later siblings of each element follow.
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

        /// <summary>Whether the list of children is complete.</summary>
        public bool IsRead { get; set; }

        public Queue<ActorSnapshot> Waiting { get; } = new();
    }
}
