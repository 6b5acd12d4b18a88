using AllInOne.Core.Values;

namespace AllInOne.Core.Entities;

/// <summary>The progress of restoring the stored entities after a start: which actors must still be created, and which have no state yet.</summary>
internal sealed class RestoreProgress(IReadOnlyList<EntityId> stored)
{
    private readonly HashSet<EntityId> _restoring = [];
    private int _next;

    public int Total => stored.Count;

    /// <summary>The number of entities that are not restored yet.</summary>
    public int Left => stored.Count - _next + _restoring.Count;

    /// <summary>Whether every stored entity has its actor. Then an id without an actor does not exist.</summary>
    public bool AllMade => _next == stored.Count;

    /// <summary>
    /// Creates actors for the next ids, at most <paramref name="count"/>. If <paramref name="make"/> declines an id, its actor exists already.
    /// </summary>
    public void Advance(int count, Func<EntityId, bool> make)
    {
        var end = Math.Min(_next + count, stored.Count);
        for (; _next < end; _next++)
        {
            if (make(stored[_next]))
            {
                _restoring.Add(stored[_next]);
            }
        }
    }

    /// <summary>Marks an entity as restored or deleted.</summary>
    public void Done(EntityId id) => _restoring.Remove(id);
}
