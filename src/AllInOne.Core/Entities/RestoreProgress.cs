using AllInOne.Core.Values;

namespace AllInOne.Core.Entities;

/// <summary>How far the stored entities have come back after a start: whose actor is still to be made, and who has not got its state.</summary>
internal sealed class RestoreProgress(IReadOnlyList<EntityId> stored)
{
    private readonly HashSet<EntityId> _restoring = [];
    private int _next;

    public int Total => stored.Count;

    /// <summary>How many are not back yet.</summary>
    public int Left => stored.Count - _next + _restoring.Count;

    /// <summary>Every stored entity has its actor: an id without one does not exist.</summary>
    public bool AllMade => _next == stored.Count;

    /// <summary>The next ids to make actors for, at most <paramref name="count"/>; those that <paramref name="make"/> declines are there already.</summary>
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

    /// <summary>This one is back, or gone.</summary>
    public void Done(EntityId id) => _restoring.Remove(id);
}
