using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Entities.Snapshots;

/// <summary>Reads and writes the JSON of an entity. The member names are only here.</summary>
internal static class EntitySnapshotJson
{
    public static readonly JsonWriterOptions WriterOptions =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static readonly JsonEncodedText Id = JsonEncodedText.Encode("id");
    private static readonly JsonEncodedText State = JsonEncodedText.Encode("state");
    private static readonly JsonEncodedText Attributes = JsonEncodedText.Encode("attributes");
    private static readonly JsonEncodedText Name = JsonEncodedText.Encode("name");
    private static readonly JsonEncodedText Area = JsonEncodedText.Encode("area");
    private static readonly JsonEncodedText Unit = JsonEncodedText.Encode("unit");
    private static readonly JsonEncodedText Class = JsonEncodedText.Encode("class");
    private static readonly JsonEncodedText Virtual = JsonEncodedText.Encode("virtual");
    private static readonly JsonEncodedText Available = JsonEncodedText.Encode("available");
    private static readonly JsonEncodedText Version = JsonEncodedText.Encode("version");
    private static readonly JsonEncodedText Changed = JsonEncodedText.Encode("changed");
    private static readonly JsonEncodedText Updated = JsonEncodedText.Encode("updated");

    public static void Write(Utf8JsonWriter writer, EntitySnapshot entity)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteString(Id, entity.Id.Value);
        writer.WritePropertyName(State);
        entity.State.WriteTo(writer);
        writer.WriteStartObject(Attributes);
        foreach (var (name, value) in entity.Attributes.AsSpan())
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }

        writer.WriteEndObject();
        writer.WriteString(Name, entity.Name);
        writer.WriteString(Area, entity.Area);
        writer.WriteString(Unit, entity.Unit);
        writer.WriteString(Class, entity.Class);
        writer.WriteBoolean(Virtual, entity.Virtual);
        writer.WriteBoolean(Available, entity.Available);
        writer.WriteNumber(Version, entity.Version);
        // A UTC DateTime is written with a Z at the end; a DateTimeOffset would be written with +00:00.
        writer.WriteString(Changed, entity.Changed.UtcDateTime);
        writer.WriteString(Updated, entity.Updated.UtcDateTime);
        writer.WriteEndObject();
    }

    public static byte[] ToUtf8(EntitySnapshot entity)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            Write(writer, entity);
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static EntitySnapshot Read(JsonElement json)
    {
        try
        {
            return new EntitySnapshot(
                EntityId.Parse(json.GetProperty("id").GetString() ?? ""),
                JsonText.From(json.GetProperty("state")),
                ReadAttributes(json.GetProperty("attributes")),
                json.GetProperty("name").GetString(),
                json.GetProperty("area").GetString(),
                json.GetProperty("unit").GetString(),
                json.GetProperty("class").GetString(),
                json.GetProperty("virtual").GetBoolean(),
                json.GetProperty("available").GetBoolean(),
                json.GetProperty("version").GetInt64(),
                json.GetProperty("changed").GetDateTimeOffset().ToUniversalTime(),
                json.GetProperty("updated").GetDateTimeOffset().ToUniversalTime());
        }
        catch (Exception broken) when (broken is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new JsonException("This is not the JSON of an entity: " + broken.Message, broken);
        }
    }

    /// <summary>Reads the members of an object as attributes.</summary>
    public static AttributeSet ReadAttributes(JsonElement json)
    {
        var pairs = new List<KeyValuePair<string, JsonText>>();
        foreach (var member in json.EnumerateObject())
        {
            pairs.Add(new KeyValuePair<string, JsonText>(member.Name, JsonText.From(member.Value)));
        }

        return AttributeSet.From(pairs);
    }
}
