using System.Globalization;
using System.Text.Json;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.State.Operations;

/// <summary>
/// A member of a set: a JSON value with its original text. Members are equal if JSON says so: 1 equals 1.0, and objects are equal whatever the order
/// of their members.
/// </summary>
internal readonly struct JsonMember : IEquatable<JsonMember>
{
    // Stored values may be deeper than the present limit allows.
    private static readonly JsonReaderOptions Deep = new() { MaxDepth = 1000 };
    private static readonly JsonDocumentOptions DeepDocument = new() { MaxDepth = 1000 };

    private readonly int _hash;

    /// <param name="json">A valid JSON value without white space around it.</param>
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

        using var mine = ParsedJson.Parse(Json, DeepDocument);
        using var its = ParsedJson.Parse(other.Json, DeepDocument);
        return JsonEquality.AreEqual(mine.RootElement, its.RootElement);
    }

    public override bool Equals(object? obj) => obj is JsonMember other && Equals(other);

    public override int GetHashCode() => _hash;

    /// <summary>The hash code. Like all hash codes of .NET it has a random seed, so a client cannot send colliding values on purpose.</summary>
    private static int HashOf(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return OfText(ref reader);
            case JsonTokenType.Number:
                return OfNumber(reader.ValueSpan);
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
                    // A sum, because the order of the members does not matter.
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

    /// <summary>
    /// The hash of a number: of its digits without zeros at either end, and of their power of ten. All spellings of a number have the same hash.
    /// </summary>
    private static int OfNumber(ReadOnlySpan<byte> text)
    {
        var hash = default(HashCode);
        var e = text.IndexOfAny("eE"u8);
        var mantissa = e < 0 ? text : text[..e];
        var exponent = 0;
        if (e >= 0 && !int.TryParse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
        {
            hash.AddBytes(text);
            return hash.ToHashCode();
        }

        var point = mantissa.IndexOf((byte)'.');
        var power = exponent - (point < 0 ? 0L : mantissa.Length - point - 1);
        var (digits, count) = (new byte[mantissa.Length], 0);
        foreach (var one in mantissa)
        {
            if (char.IsAsciiDigit((char)one) && (count > 0 || one != '0'))
            {
                digits[count++] = one;
            }
        }

        for (; count > 0 && digits[count - 1] == '0'; count--)
        {
            power++;
        }

        if (count == 0)
        {
            return 0;
        }

        hash.AddBytes(digits.AsSpan(0, count));
        hash.Add(power);
        hash.Add(mantissa[0] == '-');
        return hash.ToHashCode();
    }
}
