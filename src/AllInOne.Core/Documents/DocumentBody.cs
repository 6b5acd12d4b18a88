using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Documents;

/// <summary>
/// The content of a document that a client sends. It is read strictly. The id is separated, and the other members that the server adds are ignored,
/// so that a client can send back what it has read.
/// </summary>
/// <param name="Id">The id that the client has chosen; null if it has chosen none.</param>
/// <param name="Data">The other members as one JSON object.</param>
public sealed record DocumentBody(DocumentId? Id, ReadOnlyMemory<byte> Data)
{
    /// <summary>
    /// More bytes than the members that the server adds can take. They are part of a document in answers, but do not count for its maximum size.
    /// </summary>
    public const int OwnBytes = 1024;

    /// <summary>Reads a body. Returns it, or the reason why it is invalid, in one line.</summary>
    public static (DocumentBody? Body, string? Wrong) Read(ReadOnlyMemory<byte> utf8, DocumentsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (utf8.Length > options.MaxDocumentBytes + OwnBytes)
        {
            return (null, $"it has {utf8.Length} bytes, more than {options.MaxDocumentBytes} (Documents:MaxDocumentBytes)");
        }

        if (!Utf8.IsValid(utf8.Span))
        {
            return (null, "it is not UTF-8");
        }

        if (HalfCharacters.AreIn(utf8.Span))
        {
            return (null, "it has half of a surrogate pair (\\ud800 to \\udfff), which is no text");
        }

        try
        {
            using var json = ParsedJson.Parse(utf8, new JsonDocumentOptions { MaxDepth = options.MaxDepth, AllowDuplicateProperties = false });
            return Read(json.RootElement, options);
        }
        catch (JsonException broken)
        {
            return (null, $"it is not right JSON: {BrokenJson.Describe(broken, utf8.Length)}");
        }
    }

    /// <summary>Reads a body from a value that was parsed equally strictly.</summary>
    public static (DocumentBody? Body, string? Wrong) Read(JsonElement json, DocumentsOptions options)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return (null, "it is not an object");
        }

        DocumentId? id = null;
        if (json.TryGetProperty("id"u8, out var given) && given.ValueKind != JsonValueKind.Null)
        {
            if (!DocumentId.TryParse(given.ValueKind == JsonValueKind.String ? given.GetString() : null, out var own))
            {
                return (null, $"its id is not a string of {DocumentId.Rule}");
            }

            id = own;
        }

        var data = WithoutOwn(json);
        return data.Length > options.MaxDocumentBytes
            ? (null, $"it has {data.Length} bytes, more than {options.MaxDocumentBytes}")
            : (new DocumentBody(id, data), null);
    }

    /// <summary>Whether arrays and objects are nested more deeply than <paramref name="depth"/>.</summary>
    public static bool IsDeeper(JsonElement json, int depth)
    {
        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(json), new JsonReaderOptions { MaxDepth = int.MaxValue });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject && reader.CurrentDepth >= depth)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The text of an object without the members that the server adds.</summary>
    internal static byte[] WithoutOwn(JsonElement json)
    {
        if (!FieldPath.OwnNames.Any(name => json.TryGetProperty(name, out _)))
        {
            return JsonMarshal.GetRawUtf8Value(json).ToArray();
        }

        var output = new ArrayBufferWriter<byte>(JsonMarshal.GetRawUtf8Value(json).Length);
        var members = new JsonObjectWriter(output);
        foreach (var member in json.EnumerateObject().Where(member => !FieldPath.OwnNames.Contains(member.Name)))
        {
            members.Name(member);
            output.Write(JsonMarshal.GetRawUtf8Value(member.Value));
        }

        members.End();
        return output.WrittenSpan.ToArray();
    }
}
