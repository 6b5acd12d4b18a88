using AllInOne.Core.State.Shards;
using AllInOne.Core.Values;

namespace AllInOne.Core.State;

/// <summary>
/// Several keys at one moment without their shard's help: they are read until nothing has changed between two readings. Items are never
/// used again, so what is found twice was there in between. Nothing that is found twice may have come and gone, and so the keys that are
/// taken away are counted, each before it is gone: while the count stands still from before the first reading to after the second, at most one
/// key (or one change of several) is taken away, as the first thing that happens; from then on, or up to then, nothing was nothing.
/// </summary>
internal static class StateSnapshot
{
    private const int Attempts = 1000;

    /// <exception cref="UnavailableException">They change too fast.</exception>
    public static IReadOnlyList<StateItem?> Of(IReadOnlyList<string> keys, Func<string, StateShard> shardOf)
    {
        if (keys.Count < 2 || keys.Any(key => !StateKey.TagOf(key).SequenceEqual(StateKey.TagOf(keys[0]))))
        {
            return [.. keys.Select(key => shardOf(key).Table.Read(key, KeyTable.HashOf(key)))];
        }

        var shard = shardOf(keys[0]);
        var removals = shard.Table.Removals;
        var items = keys.Select(key => shard.Table.Read(key, KeyTable.HashOf(key))).ToArray();
        for (var attempt = 1; attempt < Attempts; attempt++)
        {
            var removalsBetween = shard.Table.Removals;
            var again = keys.Select(key => shard.Table.Peek(key, KeyTable.HashOf(key))).ToArray();
            if (removals == shard.Table.Removals && items.AsSpan().SequenceEqual(again))
            {
                return items;
            }

            (items, removals) = (again, removalsBetween);
            if (attempt % 16 == 0)
            {
                // Whoever writes may need this processor.
                Thread.Yield();
            }
        }

        throw new UnavailableException("These keys change too fast to be read at one moment.");
    }
}
