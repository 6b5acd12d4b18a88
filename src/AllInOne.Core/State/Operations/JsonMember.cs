using System.Text.Json;

namespace AllInOne.Core.State.Operations;

/// <summary>
/// A member of a set: a JSON value as it was written, which equals others as JSON says: 1 and 1.0, objects whatever the order of their members.
/// </summary>
internal readonly struct JsonMember : IEquatable<JsonMember>
{
    // What is stored was within the bound of its time.
    private static readonly JsonReaderOptions Deep = new() { MaxDepth = 1000 };
    private static readonly JsonDocumentOptions DeepDocument = new() { MaxDepth = 1000 };

    private readonly int _hash;

    /// <param name="json">A JSON value that is right, without white space round it.</param>
    public JsonMember(ReadOnlyMemory<byte> json)
    {
        Json = json;
        var reader = new Utf8JsonReader(json.Span, Deep);
        reader.Read();
        _hash = HashOf(ref reader);
    }

    public ReadOnlyMemory<byte> Json { get; }

    public bool Equals(JsonMember other)
    {
        if (_hash != other._hash || Json.Span.SequenceEqual(other.Json.Span))
        {
            return _hash == other._hash;
        }

        using var mine = JsonDocument.Parse(Json, DeepDocument);
        using var its = JsonDocument.Parse(other.Json, DeepDocument);
        return JsonElement.DeepEquals(mine.RootElement, its.RootElement);
    }

    public override bool Equals(object? obj) => obj is JsonMember other && Equals(other);

    public override int GetHashCode() => _hash;

    /// <summary>Seeded by chance as all hash codes are: values that collide cannot be sent on purpose.</summary>
    private static int HashOf(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return OfText(ref reader);
            case JsonTokenType.Number:
                return OfNumber(reader.GetDouble());
            case JsonTokenType.StartArray:
                var array = 1;
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    array = HashCode.Combine(array, HashOf(ref reader));
                }

                return array;
            case JsonTokenType.StartObject:
                var members = 2;
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = OfText(ref reader);
                    reader.Read();
                    // Whatever the order.
                    members += HashCode.Combine(name, HashOf(ref reader));
                }

                return members;
            default:
                return (int)reader.TokenType;
        }
    }

    private static int OfText(ref Utf8JsonReader reader)
    {
        var hash = default(HashCode);
        if (reader.ValueIsEscaped)
        {
            var text = new byte[reader.ValueSpan.Length];
            hash.AddBytes(text.AsSpan(0, reader.CopyString(text)));
        }
        else
        {
            hash.AddBytes(reader.ValueSpan);
        }

        return hash.ToHashCode();
    }

    // All ways to write a number come to one double; 0 and -0 are one number.
    private static int OfNumber(double number)
    {
        var bits = number == 0 ? 0 : BitConverter.DoubleToInt64Bits(number);
        return HashCode.Combine((int)bits, (int)(bits >> 32));
    }
}
