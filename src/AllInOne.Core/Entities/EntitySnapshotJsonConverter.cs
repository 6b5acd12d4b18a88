using System.Text.Json;
using System.Text.Json.Serialization;

namespace AllInOne.Core.Entities;

/// <summary>Lets a serializer use the one form of an entity, whatever its own naming policy says.</summary>
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
