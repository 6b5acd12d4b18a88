using System.Buffers;
using System.Text;
using System.Text.Json;
using AllInOne.Core.Entities.Snapshots;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Entities.Commands;

/// <summary>
/// A command to an entity. As an event of type <c>command</c> on <c>entities/{id}/commands</c> its data is
/// <c>{id, command, parameters}</c>.
/// </summary>
/// <param name="Name">The name: 1 to <see cref="MaxNameLength"/> characters, and no NUL.</param>
/// <param name="Parameters">A JSON object of at most <c>Entities:MaxParametersBytes</c>.</param>
public sealed record EntityCommand(string Name, JsonText Parameters)
{
    public const int MaxNameLength = 64;

    public static JsonText NoParameters { get; } = new("{}");

    /// <summary>The reason why it cannot be sent; null if it is valid.</summary>
    internal CommandResult.Wrong? Fault(EntitiesOptions options)
    {
        if (Name.Length is 0 or > MaxNameLength || Name.Contains('\0', StringComparison.Ordinal))
        {
            return new CommandResult.Wrong("command", $"must have 1 to {MaxNameLength} characters, and no NUL");
        }

        if (Parameters.Kind != JsonValueKind.Object)
        {
            return new CommandResult.Wrong("parameters", "must be an object");
        }

        var bytes = Encoding.UTF8.GetByteCount(Parameters.Raw);
        return bytes > options.MaxParametersBytes
            ? new CommandResult.Wrong("parameters", $"has {bytes} bytes, more than {options.MaxParametersBytes} (Entities:MaxParametersBytes)")
            : null;
    }

    internal byte[] ToUtf8(EntityId id)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, EntitySnapshotJson.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("id"u8, id.Value);
            writer.WriteString("command"u8, Name);
            writer.WritePropertyName("parameters"u8);
            Parameters.WriteTo(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
