using AllInOne.Core.Values;
using AllInOne.Core.Values.Options;

namespace AllInOne.Core.State;

/// <summary>The policies for a write for which no memory is left.</summary>
public enum StateFullPolicy
{
    /// <summary>The write is refused.</summary>
    Reject,

    /// <summary>Keys with a time to live are deleted, the least recently used first. If the shard has none, the write is refused.</summary>
    Evict,
}

/// <summary>The options of the server-wide keys (section <c>State</c>).</summary>
public sealed class StateOptions : IOptionRules
{
    /// <summary>The longest time to live: about 68 years.</summary>
    public static readonly TimeSpan LongestTtl = TimeSpan.FromSeconds(int.MaxValue);

    /// <summary>Prefixes of the keys whose changes become events on <c>state/{key}</c>.</summary>
    public IList<string> Publish { get; set; } = [];

    /// <summary>
    /// How long a change may wait until it is given to the writer. If the process is killed, changes of this time that are not durable can be lost.
    /// </summary>
    [Allowed("00:00:00.001", "01:00:00")]
    public TimeSpan WriteInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The maximum memory of all keys and values, including their overhead, in bytes.</summary>
    [Allowed(4096, 1L << 44)]
    public long MaxBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>The policy when no memory is left.</summary>
    public StateFullPolicy WhenFull { get; set; } = StateFullPolicy.Reject;

    /// <summary>The maximum size of one value's JSON, in bytes.</summary>
    [Allowed(16, 64 * 1024 * 1024)]
    public int MaxValueBytes { get; set; } = 1024 * 1024;

    /// <summary>The maximum depth of arrays and objects.</summary>
    [Allowed(1, 512)]
    public int MaxDepth { get; set; } = 64;

    /// <summary>The maximum number of keys that one request may read, or change together.</summary>
    [Allowed(1, 10_000)]
    public int MaxKeysAtOnce { get; set; } = 256;

    /// <summary>The number of shards; 0: one for each core.</summary>
    [Allowed(0, 256)]
    public int Shards { get; set; }

    /// <summary>The maximum number of commands that wait for one shard; a further one is refused.</summary>
    [Allowed(1, 10_000_000)]
    public int MaxPending { get; set; } = 100_000;

    /// <summary>The maximum number of callers of one shard that wait for a lock or for an element of a list; a further one is refused.</summary>
    [Allowed(1, 1_000_000)]
    public int MaxWaiters { get; set; } = 10_000;

    /// <summary>The maximum time that such a caller may wait.</summary>
    [Allowed("00:00:00", "01:00:00")]
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a durable write may wait for its commit.</summary>
    [Allowed("00:00:00.001", "01:00:00")]
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The number of shards in force.</summary>
    public int ShardCount => Shards > 0 ? Shards : Environment.ProcessorCount;

    public IEnumerable<string> BrokenRules() => Publish.Where(prefix => !StateKey.TryParse(prefix, out _))
        .Select(prefix => $"State:Publish has '{Excerpt.Of(prefix)}', which no key begins with: {StateKey.Rule}");
}
