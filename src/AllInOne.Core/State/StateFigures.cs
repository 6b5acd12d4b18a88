namespace AllInOne.Core.State;

/// <summary>What one shard holds and has done, at about one moment.</summary>
/// <param name="Shard">Its number, and the name of its actor below <c>/user/state</c>.</param>
/// <param name="Keys">Keys in memory, with locks and with expired keys that are not removed yet.</param>
/// <param name="Bytes">What they take, as <c>State:MaxBytes</c> counts it.</param>
/// <param name="Hits">Reads that found something.</param>
/// <param name="Misses">Reads that found nothing.</param>
/// <param name="Expired">Keys whose time to live was over.</param>
/// <param name="Evicted">Keys that made room for others.</param>
/// <param name="Pending">Commands that wait for their turn.</param>
/// <param name="Waiting">Callers that wait for a lock or an element.</param>
/// <param name="Unwritten">Keys noted to be written at the next beat.</param>
public sealed record StateFigures(
    int Shard, int Keys, long Bytes, long Hits, long Misses, long Expired, long Evicted, int Pending, int Waiting, int Unwritten);
