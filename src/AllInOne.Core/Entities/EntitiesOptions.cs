namespace AllInOne.Core.Entities;

/// <summary>The options of the entities (section <c>Entities</c>).</summary>
public sealed class EntitiesOptions
{
    public const string Section = "Entities";

    /// <summary>The maximum number of entities; a report of a further entity is rejected. 1 to 10,000,000.</summary>
    public int MaxEntities { get; set; } = 200_000;

    /// <summary>
    /// How much memory the entities may take together, in bytes. A report, a PUT or a command that needs more is refused. The last
    /// sixteenth is reserved for small changes of existing entities. 1 MiB to 16 TiB.
    /// </summary>
    public long MaxBytes { get; set; } = 2048L * 1024 * 1024;

    /// <summary>How many messages one entity keeps while it is restored; further ones are rejected. The default is more than all feeds may have pending. 1 to 1,000,000.</summary>
    public int MaxHeld { get; set; } = 200_000;

    /// <summary>The maximum number of attributes of one entity. 1 to 100,000.</summary>
    public int MaxAttributes { get; set; } = 256;

    /// <summary>The maximum size of the attributes of one entity, names and values together, in bytes. 1 KiB to 16 MiB.</summary>
    public int MaxAttributesBytes { get; set; } = 256 * 1024;

    /// <summary>The maximum size of the state of one entity, in bytes. 64 bytes to 16 MiB.</summary>
    public int MaxStateBytes { get; set; } = 64 * 1024;

    /// <summary>The maximum size of the parameters of a command, in bytes. 2 bytes to 16 MiB.</summary>
    public int MaxParametersBytes { get; set; } = 64 * 1024;

    /// <summary>How long a PUT, a DELETE or a command waits for its commit before it is answered 503. 100 ms to 10 minutes.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The maximum growth of an existing entity by a small change, such as a new state or a new number. In bytes.</summary>
    private const int SmallGrowth = 512;

    /// <summary>
    /// Whether an entity may grow to a size. Entities change all the time, and "off" needs a byte more than "on". So the last sixteenth of
    /// <see cref="MaxBytes"/> is reserved for small changes of existing entities, and a full store can still update their states. The reserve
    /// has about 60 bytes for each entity, which is 30 characters.
    /// </summary>
    /// <param name="taken">The bytes that all entities take now.</param>
    /// <param name="current">The bytes that this entity takes now; null for a new entity.</param>
    /// <param name="next">The bytes that this entity would take.</param>
    internal bool HasRoom(long taken, long? current, long next)
    {
        var growth = next - (current ?? 0);
        var isSmall = current is not null && growth <= SmallGrowth;
        return growth <= 0 || taken + growth <= (isSmall ? MaxBytes : MaxBytes - (MaxBytes / 16));
    }

    /// <summary>The limits of one entity.</summary>
    public EntityLimits Limits => new(MaxAttributes, MaxAttributesBytes, MaxStateBytes);

    /// <summary>All invalid values, one sentence each; empty if all are valid.</summary>
    public IEnumerable<string> Validate()
    {
        if (MaxEntities is < 1 or > 10_000_000)
        {
            yield return $"Entities:MaxEntities is {MaxEntities}; it takes 1 to 10000000.";
        }

        if (MaxBytes is < 1 << 20 or > 1L << 44)
        {
            yield return $"Entities:MaxBytes is {MaxBytes}; it takes {1 << 20} to {1L << 44}.";
        }

        if (MaxHeld is < 1 or > 1_000_000)
        {
            yield return $"Entities:MaxHeld is {MaxHeld}; it takes 1 to 1000000.";
        }

        foreach (var (name, value, least, most) in new[]
        {
            (nameof(MaxAttributes), MaxAttributes, 1, 100_000),
            (nameof(MaxAttributesBytes), MaxAttributesBytes, 1024, 16 * 1024 * 1024),
            (nameof(MaxStateBytes), MaxStateBytes, 64, 16 * 1024 * 1024),
        })
        {
            if (value < least || value > most)
            {
                yield return $"{Section}:{name} is {value}; it takes {least} to {most}.";
            }
        }

        if (MaxParametersBytes is < 2 or > 16 * 1024 * 1024)
        {
            yield return $"Entities:MaxParametersBytes is {MaxParametersBytes}; it takes 2 to 16777216.";
        }

        if (CommandTimeout < TimeSpan.FromMilliseconds(100) || CommandTimeout > TimeSpan.FromMinutes(10))
        {
            yield return $"Entities:CommandTimeout is {CommandTimeout}; it takes 00:00:00.1 to 00:10:00.";
        }
    }
}
