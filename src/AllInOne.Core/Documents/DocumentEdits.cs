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

/// <summary>Pure changes of a document's JSON: a merge patch, a value put into an array. What is not changed stays as it was written.</summary>
internal static class DocumentEdits
{
    /// <summary>What is stored was within the bound of its time.</summary>
    private const int DeepestStored = 1000;

    /// <param name="patch">A JSON merge patch (RFC 7396), an object.</param>
    public static (ReadOnlyMemory<byte> Data, string? Refused) Merge(ReadOnlyMemory<byte> data, ReadOnlyMemory<byte> patch, DocumentsOptions options)
    {
        var merged = new ArrayBufferWriter<byte>(data.Length + patch.Length);
        JsonMergePatch.Apply(data.Span, patch, merged, DeepestStored);
        return Checked(merged.WrittenMemory.ToArray(), options);
    }

    /// <summary>
    /// Puts a value into the array at a path; an array that is not there is made, with the objects on the way to it. Nothing else of the
    /// document changes.
    /// </summary>
    /// <param name="index">Where; null at the end. Negative counts from the end.</param>
    /// <param name="unique">Not if an equal one is there already.</param>
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

    /// <summary>As far down a path as there is something other than null, and the segments that are left.</summary>
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

    // As in a filter: digits are a place in an array and never a member of an object.
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

    /// <summary>A new member, or one in the place of a null: an array with that one value, inside of objects for the names before it.</summary>
    private static byte[] WithArray(ReadOnlySpan<byte> data, JsonElement parent, string[] names, JsonElement value)
    {
        // A name in a path has nothing that JSON would escape.
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

    /// <summary>The value, with something round it, in the place of so many bytes.</summary>
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
