using System.Text.Json;
using System.Text.Json.Serialization;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Entities.Snapshots;

/// <summary>
/// The state of an entity at one moment, immutable. As JSON:
/// <c>{id, state, attributes, name, area, unit, class, virtual, available, version, changed, updated}</c>, with all members
/// always present. Storage has the same form.
/// </summary>
/// <param name="Virtual">Whether it has no device and applies commands itself.</param>
/// <param name="Available">False while the source of its reports is known to be away.</param>
/// <param name="Version">1 when created, one more with each change.</param>
/// <param name="Changed">The time of the last change of the state (UTC).</param>
/// <param name="Updated">The time of the last change of any member (UTC).</param>
[JsonConverter(typeof(EntitySnapshotJsonConverter))]
public sealed record EntitySnapshot(
    EntityId Id,
    JsonText State,
    AttributeSet Attributes,
    string? Name,
    string? Area,
    string? Unit,
    string? Class,
    bool Virtual,
    bool Available,
    long Version,
    DateTimeOffset Changed,
    DateTimeOffset Updated)
{
    private const int Overhead = 1000;
    private const int AttributeOverhead = 80;

    /// <summary>The approximate memory of an entity in bytes: its texts, with two bytes per character, and its objects.</summary>
    internal long Size => Overhead + (AttributeOverhead * Attributes.Count)
        + (2 * (Id.Value.Length + State.Raw.Length + Attributes.Bytes
            + (Name?.Length ?? 0) + (Area?.Length ?? 0) + (Unit?.Length ?? 0) + (Class?.Length ?? 0)));

    public void WriteTo(Utf8JsonWriter writer) => EntitySnapshotJson.Write(writer, this);

    public byte[] ToUtf8() => EntitySnapshotJson.ToUtf8(this);

    /// <summary>Reads what <see cref="WriteTo"/> wrote; throws <see cref="JsonException"/> on anything else.</summary>
    public static EntitySnapshot Parse(ReadOnlyMemory<byte> utf8)
    {
        using var document = JsonDocument.Parse(utf8);
        return EntitySnapshotJson.Read(document.RootElement);
    }

    /// <inheritdoc cref="Parse(ReadOnlyMemory{byte})"/>
    public static EntitySnapshot Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return EntitySnapshotJson.Read(document.RootElement);
    }
}
