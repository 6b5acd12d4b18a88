using AllInOne.Core.Entities.Snapshots;
using AllInOne.Core.Values.Options;

namespace AllInOne.Core.Entities;

/// <summary>The options of the entities (section <c>Entities</c>).</summary>
public sealed class EntitiesOptions
{
    /// <summary>The maximum number of entities; a report of a further entity is rejected.</summary>
    [Allowed(1, 10_000_000)]
    public int MaxEntities { get; set; } = 200_000;

    /// <summary>
    /// How much memory the entities may take together, in bytes. A report, a PUT or a command that needs more is refused. The last
    /// sixteenth is reserved for small changes of existing entities.
    /// </summary>
    [Allowed(1 << 20, 1L << 44)]
    public long MaxBytes { get; set; } = 2048L * 1024 * 1024;

    /// <summary>
    /// How many messages wait for one entity while it is restored, and for all entities that are being deleted; further ones are rejected. The default is more than all feeds may have pending.
    /// </summary>
    [Allowed(1, 1_000_000)]
    public int MaxHeld { get; set; } = 200_000;

    /// <summary>The maximum number of attributes of one entity.</summary>
    [Allowed(1, 100_000)]
    public int MaxAttributes { get; set; } = 256;

    /// <summary>The maximum size of the attributes of one entity, names and values together, in bytes.</summary>
    [Allowed(1024, 16 * 1024 * 1024)]
    public int MaxAttributesBytes { get; set; } = 256 * 1024;

    /// <summary>The maximum size of the state of one entity, in bytes.</summary>
    [Allowed(64, 16 * 1024 * 1024)]
    public int MaxStateBytes { get; set; } = 64 * 1024;

    /// <summary>The maximum size of the parameters of a command, in bytes.</summary>
    [Allowed(2, 16 * 1024 * 1024)]
    public int MaxParametersBytes { get; set; } = 64 * 1024;

    /// <summary>How long a PUT, a DELETE or a command waits for its commit before it is answered 503.</summary>
    [Allowed("00:00:00.100", "00:10:00")]
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
}
