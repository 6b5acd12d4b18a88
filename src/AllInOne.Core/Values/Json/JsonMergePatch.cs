using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace AllInOne.Core.Values.Json;

/// <summary>
/// RFC 7396: a patch that is an object is merged into the target, member by member, null takes a member away, and anything else takes
/// the target's place. What the patch does not speak of is copied byte for byte, and so are the patch's own numbers and strings.
/// The target is walked once; it is never held as objects. A name that the target has twice is there once after it was patched.
/// </summary>
public static class JsonMergePatch
{
    public const int DefaultMaxDepth = 64;

    /// <summary>Writes the patched document.</summary>
    /// <param name="target">Well-formed JSON, or nothing for a document that is not there yet.</param>
    /// <param name="patch">What the client sent.</param>
    /// <param name="maxDepth">How many objects and arrays may be inside one another, in either and in what comes of them.</param>
    /// <exception cref="JsonException">Patch or target is not well-formed or too deep; what was written is to be thrown away.</exception>
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

    /// <summary>Leaves the reader at the end of the value it stands at.</summary>
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

    /// <summary>Where there is nothing to merge with, nulls in the patch take nothing away, but they do not stay either.</summary>
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

    /// <summary>Of a name that is there twice, the last one counts, in the place of the first.</summary>
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

    /// <summary>Null for a name that is no Unicode text (half a surrogate pair): a patch cannot speak of it.</summary>
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
