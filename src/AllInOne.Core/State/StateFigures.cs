namespace AllInOne.Core.State;

/// <summary>The figures of one shard at about one moment.</summary>
/// <param name="Shard">The number of the shard, which is also the name of its actor below <c>/user/state</c>.</param>
/// <param name="Keys">Keys in memory, including locks and expired keys that are not removed yet.</param>
/// <param name="Bytes">The bytes of these keys, as <c>State:MaxBytes</c> counts them.</param>
/// <param name="Hits">Reads that found an item.</param>
/// <param name="Misses">Reads that found no item.</param>
/// <param name="Expired">Keys whose time to live was over.</param>
/// <param name="Evicted">Keys removed to make room for other keys.</param>
/// <param name="Pending">Commands that wait in the mailbox.</param>
/// <param name="Waiting">Commands that wait for a lock or for an element of a list.</param>
/// <param name="Unwritten">Keys that will be written at the end of the write interval.</param>
public sealed record StateFigures(
    int Shard, int Keys, long Bytes, long Hits, long Misses, long Expired, long Evicted, int Pending, int Waiting, int Unwritten);
