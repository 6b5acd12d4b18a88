using AllInOne.Core.Values;

namespace AllInOne.Core.State;

/// <summary>What happens to a write for which there is no memory left.</summary>
public enum StateFullPolicy
{
    /// <summary>It is refused.</summary>
    Reject,

    /// <summary>Keys that have a time to live make room, those unused for longest first; it is refused when the same shard has none.</summary>
    Evict,
}

/// <summary>The section <c>State</c>: bounds of the server-wide keys, and how they are kept.</summary>
public sealed class StateOptions
{
    public const string Section = "State";

    /// <summary>The longest time to live: about 68 years.</summary>
    public static readonly TimeSpan LongestTtl = TimeSpan.FromSeconds(int.MaxValue);

    /// <summary>Prefixes of the keys whose changes become events on <c>state/{key}</c>.</summary>
    public IList<string> Publish { get; set; } = [];

    /// <summary>How long a change may wait for its write; what a killed process may lose of writes that are not durable.</summary>
    public TimeSpan WriteInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How much memory keys and values may take together, what they cost beside their own bytes included.</summary>
    public long MaxBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>What happens when they take as much: Reject or Evict.</summary>
    public StateFullPolicy WhenFull { get; set; } = StateFullPolicy.Reject;

    /// <summary>The most bytes of one value's JSON.</summary>
    public int MaxValueBytes { get; set; } = 1024 * 1024;

    /// <summary>The most arrays and objects inside one another.</summary>
    public int MaxDepth { get; set; } = 64;

    /// <summary>The most keys that one request may read, or change as one.</summary>
    public int MaxKeysAtOnce { get; set; } = 256;

    /// <summary>Actors that share the keys, each with its own; 0 for one per core.</summary>
    public int Shards { get; set; }

    /// <summary>Commands that may wait for one shard; one more is refused.</summary>
    public int MaxPending { get; set; } = 100_000;

    /// <summary>Callers of one shard that may wait for a lock or for a list's next element; one more is refused.</summary>
    public int MaxWaiters { get; set; } = 10_000;

    /// <summary>The longest that such a caller may wait.</summary>
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a durable write may wait for its commit.</summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many shards there are.</summary>
    public int ShardCount => Shards > 0 ? Shards : Environment.ProcessorCount;

    /// <summary>Every problem, one line each, naming the key.</summary>
    public IEnumerable<string> Validate()
    {
        foreach (var prefix in Publish.Where(prefix => !StateKey.IsValid(prefix)))
        {
            yield return $"{Section}:{nameof(Publish)} has '{Excerpt.Of(prefix)}', which no key begins with: {StateKey.Rule}";
        }

        foreach (var (name, value, least, most) in new (string, long, long, long)[]
        {
            (nameof(MaxBytes), MaxBytes, 4096, 1L << 44),
            (nameof(MaxValueBytes), MaxValueBytes, 16, 64 * 1024 * 1024),
            (nameof(MaxDepth), MaxDepth, 1, 512),
            (nameof(MaxKeysAtOnce), MaxKeysAtOnce, 1, 10_000),
            (nameof(Shards), Shards, 0, 256),
            (nameof(MaxPending), MaxPending, 1, 10_000_000),
            (nameof(MaxWaiters), MaxWaiters, 1, 1_000_000),
        })
        {
            if (value < least || value > most)
            {
                yield return $"{Section}:{name} must be from {least} to {most}, not {value}";
            }
        }

        foreach (var (name, value, least) in new (string, TimeSpan, TimeSpan)[]
        {
            (nameof(WriteInterval), WriteInterval, TimeSpan.FromMilliseconds(1)),
            (nameof(MaxWait), MaxWait, TimeSpan.Zero),
            (nameof(WriteTimeout), WriteTimeout, TimeSpan.FromMilliseconds(1)),
        })
        {
            if (value < least || value > TimeSpan.FromHours(1))
            {
                yield return $"{Section}:{name} must be from {least} to an hour, not {value}";
            }
        }
    }
}
