using System.Text.Json;
using System.Text.Json.Serialization;

namespace AllInOne.Core.Values;

internal sealed class EntityIdJsonConverter : JsonConverter<EntityId>
{
    public override EntityId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && EntityId.TryParse(reader.GetString(), out var id)
            ? id
            : throw new JsonException("An entity id (domain.object_id) is expected.");

    public override void Write(Utf8JsonWriter writer, EntityId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}
