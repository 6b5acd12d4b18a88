using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace AllInOne.Core.Values.Json;

/// <summary>
/// JSON merge patch (RFC 7396): an object is merged into the target, member by member, and null removes a member. Any other patch replaces
/// the target. Members that the patch does not name are copied byte for byte, as are the numbers and strings of the patch.
/// The target is read once, and never held as objects. A name that the target has twice appears once in the result.
/// </summary>
public static class JsonMergePatch
{
    public const int DefaultMaxDepth = 64;

    /// <summary>Writes the patched document.</summary>
    /// <param name="target">Well-formed JSON; empty for a document that does not exist yet.</param>
    /// <param name="patch">The patch that the client has sent.</param>
    /// <param name="maxDepth">The maximum nesting of objects and arrays, in the patch, the target and the result.</param>
    /// <exception cref="JsonException">The patch or the target is not well-formed, or too deep. The output is then not valid.</exception>
    public static void Apply(ReadOnlySpan<byte> target, ReadOnlyMemory<byte> patch, IBufferWriter<byte> output, int maxDepth = DefaultMaxDepth)
    {
        ArgumentNullException.ThrowIfNull(output);
        using var changes = ParsedJson.Parse(patch, new JsonDocumentOptions { MaxDepth = maxDepth });
        var reader = new Utf8JsonReader(target, new JsonReaderOptions { MaxDepth = maxDepth });
        if (changes.RootElement.ValueKind == JsonValueKind.Object && !target.IsEmpty)
        {
            reader.Read();
            Merge(target, ref reader, changes.RootElement, output);
            if (reader.Read())
            {
                throw new JsonException("The document is followed by something.");
            }
        }
        else
        {
            WriteNew(changes.RootElement, output);
        }
    }

    /// <summary>Moves the reader to the end of its current value.</summary>
    private static void Merge(ReadOnlySpan<byte> target, ref Utf8JsonReader reader, JsonElement patch, IBufferWriter<byte> output)
    {
        if (patch.ValueKind != JsonValueKind.Object || reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            WriteNew(patch, output);
            return;
        }

        var changes = Changes(patch);
        HashSet<string> met = [];
        var members = new JsonObjectWriter(output);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = JsonSlice.Token(target, ref reader);
            var known = NameAt(ref reader);
            reader.Read();
            if (known is null || !changes.TryGetValue(known, out var change))
            {
                members.Name(name);
                output.Write(JsonSlice.Value(target, ref reader));
            }
            else if (!met.Add(known) || change.Value.ValueKind == JsonValueKind.Null)
            {
                reader.Skip();
            }
            else
            {
                members.Name(name);
                Merge(target, ref reader, change.Value, output);
            }
        }

        foreach (var (name, change) in changes)
        {
            if (!met.Contains(name))
            {
                WriteNew(change, ref members, output);
            }
        }

        members.End();
    }

    /// <summary>Writes a patch without a target: a null removes nothing, and is not written.</summary>
    private static void WriteNew(JsonElement patch, IBufferWriter<byte> output)
    {
        if (patch.ValueKind != JsonValueKind.Object)
        {
            output.Write(JsonMarshal.GetRawUtf8Value(patch));
            return;
        }

        var members = new JsonObjectWriter(output);
        foreach (var change in Changes(patch).Values)
        {
            WriteNew(change, ref members, output);
        }

        members.End();
    }

    private static void WriteNew(JsonProperty change, ref JsonObjectWriter members, IBufferWriter<byte> output)
    {
        if (change.Value.ValueKind != JsonValueKind.Null)
        {
            members.Name(change);
            WriteNew(change.Value, output);
        }
    }

    /// <summary>If a name appears twice, the last value counts, at the place of the first.</summary>
    private static OrderedDictionary<string, JsonProperty> Changes(JsonElement patch)
    {
        OrderedDictionary<string, JsonProperty> changes = [];
        foreach (var change in patch.EnumerateObject())
        {
            try
            {
                changes[change.Name] = change;
            }
            catch (InvalidOperationException broken)
            {
                throw new JsonException("A name in the patch is no Unicode text.", broken);
            }
        }

        return changes;
    }

    /// <summary>Null for a name that is not Unicode text (half of a surrogate pair), because a patch cannot contain it.</summary>
    private static string? NameAt(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
