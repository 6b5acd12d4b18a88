using System.Globalization;
using System.Text;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Entities.Snapshots;

/// <summary>
/// The limits of one entity, the same for feeds, PUT and commands. An entity may be over a limit already (an earlier
/// version stored it, or the limit was lowered). It stays as it is, but a change that makes the excess larger is refused.
/// </summary>
/// <param name="MaxAttributes">The maximum number of attributes.</param>
/// <param name="MaxAttributesBytes">The maximum size of their names and values together, as UTF-8.</param>
/// <param name="MaxStateBytes">The maximum size of the state's JSON.</param>
public sealed record EntityLimits(int MaxAttributes, int MaxAttributesBytes, int MaxStateBytes)
{
    /// <summary>The maximum length of an attribute's name, in characters.</summary>
    public const int MaxAttributeNameLength = 128;

    /// <summary>The maximum length of a name, an area, a unit and a class, in characters.</summary>
    public const int MaxTextLength = 256;

    public static EntityLimits Default { get; } = new EntitiesOptions().Limits;

    /// <summary>The size of one attribute, as <see cref="MaxAttributesBytes"/> counts it.</summary>
    public static int SizeOf(string name, JsonText value) => Encoding.UTF8.GetByteCount(name) + SizeOf(value);

    /// <summary>The size of the JSON of one value.</summary>
    public static int SizeOf(JsonText value) => Encoding.UTF8.GetByteCount(value.Raw);

    /// <summary>Checks a number of attributes. Returns null if it is valid.</summary>
    /// <param name="present">The current number of attributes.</param>
    public EntityFault? FaultOfCount(int count, int present = 0) => count <= Math.Max(MaxAttributes, present)
        ? null
        : new EntityFault("attributes", Describe(count, "members", MaxAttributes, nameof(MaxAttributes)));

    /// <summary>Checks the size of attributes. Returns null if it is valid.</summary>
    /// <param name="present">The current size of the attributes.</param>
    public EntityFault? FaultOfBytes(long bytes, long present = 0) => bytes <= Math.Max(MaxAttributesBytes, present)
        ? null
        : new EntityFault("attributes", Describe(bytes, "bytes", MaxAttributesBytes, nameof(MaxAttributesBytes)));

    /// <summary>Checks the size of a state. Returns null if it is valid.</summary>
    /// <param name="present">The size of the current state.</param>
    public EntityFault? FaultOfState(long bytes, long present = 0) => bytes <= Math.Max(MaxStateBytes, present)
        ? null
        : new EntityFault("state", Describe(bytes, "bytes", MaxStateBytes, nameof(MaxStateBytes)));

    /// <summary>Checks the name of an attribute. Returns null if it is valid.</summary>
    public static EntityFault? FaultOfName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length is > 0 and <= MaxAttributeNameLength
            ? null
            : new EntityFault("attributes", $"has a name that is not 1 to {MaxAttributeNameLength} characters long");
    }

    /// <summary>Checks an entity after a change. Returns null if it is valid.</summary>
    /// <param name="current">The current entity; null if it does not exist.</param>
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
        string.Create(CultureInfo.InvariantCulture, $"has {given} {what}, more than {limit} (Entities:{key})");
}
