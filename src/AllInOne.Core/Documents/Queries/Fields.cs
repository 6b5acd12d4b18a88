using System.Buffers;
using System.Text.Json;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Documents.Queries;

/// <summary>
/// Which parts of a document a client wants: paths with commas between. A name goes over an array into each of its elements, an index
/// keeps that one element of it, <c>id</c> is always there, and what a document does not have is left out. What is kept is copied
/// byte for byte. Immutable, made for each request; all that can be wrong with it is found in <see cref="Parse"/>.
/// </summary>
public sealed class Fields
{
    private const string Parameter = "fields";

    /// <summary>As deep as any document that can be stored.</summary>
    private const int MaxDepth = 1024;

    private static readonly JsonReaderOptions Deep = new() { MaxDepth = MaxDepth };

    private readonly FieldTree _root;

    private Fields(FieldTree root) => _root = root;

    /// <exception cref="QueryException">The text is no list of paths, or one past a limit.</exception>
    public static Fields Parse(string text, QueryLimits limits)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(limits);
        var root = new FieldTree();
        root.Add(FieldPath.Id.Segments);
        foreach (var (path, position) in PathList.Parse(text, Parameter, limits.MaxLength, limits.MaxFields))
        {
            root.Add(FieldPath.Parse(path, Parameter, position).Segments);
        }

        return new Fields(root);
    }

    /// <summary>Whether a member of the document itself is wanted, whole or in part: for what is written beside the stored JSON.</summary>
    public bool Include(string member) => _root.Has(member);

    /// <summary>Writes what is wanted of one document.</summary>
    /// <param name="json">A JSON object, well-formed.</param>
    /// <exception cref="JsonException">It is not well-formed; what was written by then is to be thrown away.</exception>
    public void Write(ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var reader = new Utf8JsonReader(json, Deep);
        reader.Read();
        Write(json, ref reader, _root, output);
    }

    /// <summary>Leaves the reader at the end of the value it stands at.</summary>
    private static void Write(ReadOnlySpan<byte> json, ref Utf8JsonReader reader, FieldTree wanted, IBufferWriter<byte> output)
    {
        if (wanted.IsWhole)
        {
            output.Write(JsonSlice.Value(json, ref reader));
        }
        else if (reader.TokenType == JsonTokenType.StartObject)
        {
            WriteObject(json, ref reader, wanted, output);
        }
        else
        {
            WriteArray(json, ref reader, wanted, output);
        }
    }

    private static void WriteObject(ReadOnlySpan<byte> json, ref Utf8JsonReader reader, FieldTree wanted, IBufferWriter<byte> output)
    {
        var separator = (byte)'{';
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var inside = wanted.Member(ref reader);
            var name = JsonSlice.Token(json, ref reader);
            reader.Read();
            if (inside is null || !CanHold(reader.TokenType, inside))
            {
                reader.Skip();
                continue;
            }

            output.Write([separator]);
            output.Write(name);
            output.Write(":"u8);
            Write(json, ref reader, inside, output);
            separator = (byte)',';
        }

        output.Write(separator == '{' ? "{}"u8 : "}"u8);
    }

    private static void WriteArray(ReadOnlySpan<byte> json, ref Utf8JsonReader reader, FieldTree wanted, IBufferWriter<byte> output)
    {
        var separator = (byte)'[';
        for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            var inside = wanted.Element(index);
            if (inside is null || !CanHold(reader.TokenType, inside))
            {
                reader.Skip();
                continue;
            }

            output.Write([separator]);
            Write(json, ref reader, inside, output);
            separator = (byte)',';
        }

        output.Write(separator == '[' ? "[]"u8 : "]"u8);
    }

    // A part of a number or a string there is not; the object or array that could have had it stays, even if it is empty then.
    private static bool CanHold(JsonTokenType type, FieldTree wanted) =>
        wanted.IsWhole || type == JsonTokenType.StartArray || (type == JsonTokenType.StartObject && wanted.HasNames);
}
