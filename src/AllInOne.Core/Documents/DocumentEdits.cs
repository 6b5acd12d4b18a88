using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Documents;

/// <summary>Pure changes of the JSON of a document: a merge patch, and a value added to an array. All other parts keep their original text.</summary>
internal static class DocumentEdits
{
    /// <summary>The maximum depth for reading. Stored documents may be deeper than the present limit allows.</summary>
    private const int DeepestStored = 1000;

    /// <param name="patch">A JSON merge patch (RFC 7396), an object.</param>
    public static (ReadOnlyMemory<byte> Data, string? Refused) Merge(ReadOnlyMemory<byte> data, ReadOnlyMemory<byte> patch, DocumentsOptions options)
    {
        var merged = new ArrayBufferWriter<byte>(data.Length + patch.Length);
        JsonMergePatch.Apply(data.Span, patch, merged, DeepestStored);
        return Checked(merged.WrittenMemory.ToArray(), options);
    }

    /// <summary>
    /// Inserts a value into the array at a path. If the array does not exist, it is created, together with the objects on the way to it. The rest of
    /// the document does not change.
    /// </summary>
    /// <param name="index">The index of the new element; null for the end. A negative index counts from the end.</param>
    /// <param name="unique">True: nothing changes if the array has an equal element already.</param>
    public static (ReadOnlyMemory<byte> Data, string? Refused) Insert(
        ReadOnlyMemory<byte> data, FieldPath path, JsonElement value, int? index, bool unique, DocumentsOptions options)
    {
        using var json = ParsedJson.Parse(data, new JsonDocumentOptions { MaxDepth = DeepestStored });
        var (at, missing) = Walk(json.RootElement, path);
        if (missing.Length > 0)
        {
            return at.ValueKind == JsonValueKind.Object && !missing.Any(FieldPath.IsIndex)
                ? Checked(WithArray(data.Span, at, missing, value), options)
                : (default, $"there is nothing at '{Excerpt.Of(path.Text)}' that a value could be put into");
        }

        if (at.ValueKind != JsonValueKind.Array)
        {
            return (default, $"'{Excerpt.Of(path.Text)}' is no array");
        }

        var count = at.GetArrayLength();
        var place = index is { } given ? given < 0 ? count + given : given : count;
        if (place < 0 || place > count)
        {
            return (default, $"'{Excerpt.Of(path.Text)}' has {count} elements: there is no place {index}");
        }

        return unique && at.EnumerateArray().Any(element => JsonEquality.AreEqual(element, value))
            ? (data, null)
            : Checked(WithElement(data.Span, at, place, value), options);
    }

    /// <summary>
    /// Follows a path as far as it leads to values that exist and are not null. Returns the last value, and the segments that are left.
    /// </summary>
    private static (JsonElement At, string[] Missing) Walk(JsonElement root, FieldPath path)
    {
        var at = root;
        for (var i = 0; i < path.Segments.Count; i++)
        {
            var part = Part(at, path.Segments[i]);
            if (part.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            {
                return (at, [.. path.Segments.Skip(i)]);
            }

            at = part;
        }

        return (at, []);
    }

    // As in a filter: digits are an index of an array, never the name of a member.
    private static JsonElement Part(JsonElement at, string segment) => at.ValueKind switch
    {
        JsonValueKind.Object when !FieldPath.IsIndex(segment) && at.TryGetProperty(segment, out var member) => member,
        JsonValueKind.Array when FieldPath.IsIndex(segment)
            && int.Parse(segment, CultureInfo.InvariantCulture) is var i && i < at.GetArrayLength() => at[i],
        _ => default,
    };

    private static byte[] WithElement(ReadOnlySpan<byte> data, JsonElement array, int place, JsonElement value)
    {
        var count = array.GetArrayLength();
        return place < count
            ? Spliced(data, PlaceOf(data, array[place]).Start, 0, "", value, ",")
            : Spliced(data, PlaceOf(data, array).End - 1, 0, count > 0 ? "," : "", value, "");
    }

    /// <summary>Adds a member, or replaces a null: an array with one value, inside of objects if more than one name is missing.</summary>
    private static byte[] WithArray(ReadOnlySpan<byte> data, JsonElement parent, string[] names, JsonElement value)
    {
        // A name in a path contains no character that JSON would escape.
        var (opening, closing) = (string.Concat(names.Skip(1).Select(name => $"{{\"{name}\":")) + "[", "]" + new string('}', names.Length - 1));
        if (parent.TryGetProperty(names[0], out var none))
        {
            var (start, end) = PlaceOf(data, none);
            return Spliced(data, start, end - start, opening, value, closing);
        }

        var separator = parent.GetPropertyCount() > 0 ? "," : "";
        return Spliced(data, PlaceOf(data, parent).End - 1, 0, $"{separator}\"{names[0]}\":{opening}", value, closing);
    }

    private static (int Start, int End) PlaceOf(ReadOnlySpan<byte> data, JsonElement part)
    {
        var raw = JsonMarshal.GetRawUtf8Value(part);
        return data.Overlaps(raw, out var start) ? (start, start + raw.Length) : throw new UnreachableException();
    }

    /// <summary>Replaces <paramref name="length"/> bytes with the value, with a text before and after it.</summary>
    private static byte[] Spliced(ReadOnlySpan<byte> data, int start, int length, string before, JsonElement value, string after) =>
    [
        .. data[..start], .. Encoding.ASCII.GetBytes(before),
        .. JsonMarshal.GetRawUtf8Value(value),
        .. Encoding.ASCII.GetBytes(after), .. data[(start + length)..],
    ];

    private static (ReadOnlyMemory<byte> Data, string? Refused) Checked(byte[] data, DocumentsOptions options)
    {
        if (data.Length > options.MaxDocumentBytes)
        {
            return (default, $"the document would have {data.Length} bytes, more than {options.MaxDocumentBytes}");
        }

        try
        {
            using var _ = ParsedJson.Parse(data, new JsonDocumentOptions { MaxDepth = options.MaxDepth });
            return (data, null);
        }
        catch (JsonException)
        {
            return (default, $"the document would be nested more than {options.MaxDepth} deep");
        }
    }
}
