using System.Collections.Concurrent;
using AllInOne.Core.Entities.Snapshots;
using AllInOne.Core.Values;

namespace AllInOne.Core.Entities;

/// <summary>
/// The table of the current snapshots of all entities, read by any thread without a lock. Each entry has one writer, the actor of the entity. The table
/// outlives the actors: while an actor restarts, its last snapshot stays readable.
/// </summary>
internal sealed class EntityTable
{
    private readonly ConcurrentDictionary<EntityId, EntitySnapshot> _all = new();
    private long _generation;
    private long _bytes;
    private SortedIds _sorted = new(0, []);

    public int Count => _all.Count;

    /// <summary>The approximate memory of all entities, in bytes.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public EntitySnapshot? Find(EntityId id) => _all.GetValueOrDefault(id);

    public void Set(EntitySnapshot snapshot)
    {
        var before = Find(snapshot.Id);
        _all[snapshot.Id] = snapshot;
        Interlocked.Add(ref _bytes, snapshot.Size - (before?.Size ?? 0));
        if (before is null)
        {
            Interlocked.Increment(ref _generation);
        }
    }

    public void Remove(EntityId id)
    {
        if (_all.TryRemove(id, out var gone))
        {
            Interlocked.Add(ref _bytes, -gone.Size);
            Interlocked.Increment(ref _generation);
        }
    }

    /// <summary>A page of the matching entities, in the order of their ids. Each snapshot is from the moment when it is read.</summary>
    public EntityPage List(EntityQuery query)
    {
        var ids = Sorted();
        var at = query.Cursor is { } cursor ? After(ids, cursor) : 0;
        var limit = Math.Clamp(query.Limit, 1, EntityQuery.MaxLimit);
        var items = new List<EntitySnapshot>(Math.Min(limit, ids.Length - at));
        for (; at < ids.Length; at++)
        {
            if (Find(ids[at]) is not { } entity || !query.Matches(entity))
            {
                continue;
            }

            if (items.Count == limit)
            {
                // One more entity matches, so this is not the last page.
                return new EntityPage(items, items[^1].Id.Value);
            }

            items.Add(entity);
        }

        return new EntityPage(items, null);
    }

    private static int After(EntityId[] ids, EntityId cursor)
    {
        var at = Array.BinarySearch(ids, cursor);
        return at < 0 ? ~at : at + 1;
    }

    // Entities change often but are seldom created or deleted, so the order is cached until then.
    private EntityId[] Sorted()
    {
        var generation = Interlocked.Read(ref _generation);
        var sorted = Volatile.Read(ref _sorted);
        if (sorted.Generation != generation)
        {
            EntityId[] ids = [.. _all.Keys];
            Array.Sort(ids);
            sorted = new SortedIds(generation, ids);
            Volatile.Write(ref _sorted, sorted);
        }

        return sorted.Ids;
    }

    private sealed record SortedIds(long Generation, EntityId[] Ids);
}
