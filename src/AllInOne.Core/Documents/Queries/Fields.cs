using System.Buffers;
using System.Text.Json;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Documents.Queries;

/// <summary>
/// The parts of a document that a client requests: paths separated by commas. If a name meets an array, it applies to each element; an index keeps
/// only this element. The <c>id</c> is always included, and missing fields are left out. The kept parts are copied byte for byte. Immutable, created
/// for each request. <see cref="Parse"/> finds all errors.
/// </summary>
public sealed class Fields
{
    private const string Parameter = "fields";

    /// <summary>The maximum depth for reading: no stored document is deeper.</summary>
    private const int MaxDepth = 1024;

    private static readonly JsonReaderOptions Deep = new() { MaxDepth = MaxDepth };

    private readonly FieldTree _root;

    private Fields(FieldTree root) => _root = root;

    /// <exception cref="QueryException">The text is not a list of paths, or exceeds a limit.</exception>
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

    /// <summary>Whether a member of the document, or a part of it, is requested. For the members that the server adds.</summary>
    public bool Include(string member) => _root.Has(member);

    /// <summary>Writes the requested parts of one document.</summary>
    /// <param name="json">A well-formed JSON object.</param>
    /// <exception cref="JsonException">The object is not well-formed. The output is then not valid.</exception>
    public void Write(ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var reader = new Utf8JsonReader(json, Deep);
        reader.Read();
        Write(json, ref reader, _root, output);
    }

    /// <summary>Moves the reader to the end of its current value.</summary>
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

    // A number or a string has no parts, so it is left out. An object or array stays, even if nothing is left in it.
    private static bool CanHold(JsonTokenType type, FieldTree wanted) =>
        wanted.IsWhole || type == JsonTokenType.StartArray || (type == JsonTokenType.StartObject && wanted.HasNames);
}
