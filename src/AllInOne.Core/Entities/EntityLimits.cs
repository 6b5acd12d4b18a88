using System.Globalization;
using System.Text;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Entities;

/// <summary>
/// How much one entity may hold, the same on every way in: feed, PUT and command. An entity that is over a limit already (an earlier
/// version stored it, or the limit was lowered) keeps what it has; a change that makes the excess larger is refused.
/// </summary>
/// <param name="MaxAttributes">Attributes of one entity.</param>
/// <param name="MaxAttributesBytes">Bytes of their names and values together, as UTF-8.</param>
/// <param name="MaxStateBytes">Bytes of the state's JSON.</param>
public sealed record EntityLimits(int MaxAttributes, int MaxAttributesBytes, int MaxStateBytes)
{
    /// <summary>The most characters of an attribute's name.</summary>
    public const int MaxAttributeNameLength = 128;

    /// <summary>The most characters of a name, an area, a unit and a class.</summary>
    public const int MaxTextLength = 256;

    public static EntityLimits Default { get; } = new EntitiesOptions().Limits;

    /// <summary>Bytes of one attribute, as <see cref="MaxAttributesBytes"/> counts them.</summary>
    public static int SizeOf(string name, JsonText value) => Encoding.UTF8.GetByteCount(name) + SizeOf(value);

    /// <summary>Bytes of one value's JSON.</summary>
    public static int SizeOf(JsonText value) => Encoding.UTF8.GetByteCount(value.Raw);

    /// <summary>What is wrong with so many attributes; null when nothing is.</summary>
    /// <param name="present">How many the entity has now.</param>
    public EntityFault? FaultOfCount(int count, int present = 0) => count <= Math.Max(MaxAttributes, present)
        ? null
        : new EntityFault("attributes", Describe(count, "members", MaxAttributes, nameof(MaxAttributes)));

    /// <summary>What is wrong with attributes of so many bytes; null when nothing is.</summary>
    /// <param name="present">The bytes of those that the entity has now.</param>
    public EntityFault? FaultOfBytes(long bytes, long present = 0) => bytes <= Math.Max(MaxAttributesBytes, present)
        ? null
        : new EntityFault("attributes", Describe(bytes, "bytes", MaxAttributesBytes, nameof(MaxAttributesBytes)));

    /// <summary>What is wrong with a state of so many bytes; null when nothing is.</summary>
    /// <param name="present">The bytes of the state that the entity has now.</param>
    public EntityFault? FaultOfState(long bytes, long present = 0) => bytes <= Math.Max(MaxStateBytes, present)
        ? null
        : new EntityFault("state", Describe(bytes, "bytes", MaxStateBytes, nameof(MaxStateBytes)));

    /// <summary>What is wrong with an attribute's name; null when nothing is.</summary>
    public static EntityFault? FaultOfName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length is > 0 and <= MaxAttributeNameLength
            ? null
            : new EntityFault("attributes", $"has a name that is not 1 to {MaxAttributeNameLength} characters long");
    }

    /// <summary>What is wrong with an entity as it would become; null when nothing is.</summary>
    /// <param name="current">The entity now; null where there is none.</param>
    public EntityFault? FaultOf(EntitySnapshot next, EntitySnapshot? current = null)
    {
        ArgumentNullException.ThrowIfNull(next);
        return FaultOfAttributes(next.Attributes, current?.Attributes) ?? FaultOfState(next.State, current?.State);
    }

    private EntityFault? FaultOfAttributes(AttributeSet next, AttributeSet? current) => ReferenceEquals(next, current)
        ? null
        : FaultOfCount(next.Count, current?.Count ?? 0) ?? FaultOfBytes(next.Bytes, current?.Bytes ?? 0);

    private EntityFault? FaultOfState(JsonText next, JsonText? current) => next == current
        ? null
        : FaultOfState(SizeOf(next), current is { } now ? SizeOf(now) : 0);

    private static string Describe(long given, string what, int limit, string key) =>
        string.Create(CultureInfo.InvariantCulture, $"has {given} {what}, more than {limit} ({EntitiesOptions.Section}:{key})");
}
