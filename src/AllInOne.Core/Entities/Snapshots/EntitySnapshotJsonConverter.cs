using System.Text.Json;
using System.Text.Json.Serialization;

namespace AllInOne.Core.Entities.Snapshots;

/// <summary>
/// The converter of <see cref="EntitySnapshot"/>. It uses the one JSON form of an entity, independent of the naming policy of the serializer.
/// </summary>
internal sealed class EntitySnapshotJsonConverter : JsonConverter<EntitySnapshot>
{
    public override EntitySnapshot Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return EntitySnapshotJson.Read(document.RootElement);
    }

    public override void Write(Utf8JsonWriter writer, EntitySnapshot value, JsonSerializerOptions options) =>
        EntitySnapshotJson.Write(writer, value);
}
