using System.Text.Json;
using AllInOne.Core.Storage;

namespace AllInOne.Core.Documents.Queries.Evaluation;

/// <summary>
/// The key of a field: one value that places a document in an order. The key of a number is the number; null (and a missing field), false and true
/// are the three lowest numbers; the key of a string is its first <see cref="Length"/> characters; arrays and objects share the last key.
/// </summary>
internal static class FieldKey
{
    /// <summary>The number of characters of a string that count in an order, in code points.</summary>
    public const int Length = 128;

    /// <summary>The key of the lowest number. Numbers below have this key too.</summary>
    private const double Least = -1.77e308;

    public static StoredValue Null { get; } = StoredValue.From(double.NegativeInfinity);

    public static StoredValue False { get; } = StoredValue.From(-1.79e308);

    public static StoredValue True { get; } = StoredValue.From(-1.78e308);

    public static StoredValue LeastNumber { get; } = StoredValue.From(Least);

    public static StoredValue LeastText { get; } = StoredValue.From("");

    /// <summary>The key of arrays and objects, which come after every string.</summary>
    public static StoredValue Other => StoredValue.EmptyBlob;

    public static StoredValue Of(in StoredRow row, FieldPath field) => field.Text switch
    {
        "id" => StoredValue.From(row.Id),
        "version" => StoredValue.From(row.Version),
        "created" => StoredValue.From(row.Created),
        "updated" => StoredValue.From(row.Updated),
        _ => FieldReader.TryFind(row.Data.Span, field, out var value) ? Of(ref value) : Null,
    };

    /// <summary>Whether it is the key of a number, and not of null, false or true.</summary>
    public static bool IsNumber(StoredValue key) => key.Type == StoredType.Integer || (key.Type == StoredType.Real && key.Real >= Least);

    /// <summary>The number of a JSON text: whole numbers of at most 64 bits are exact, all others are doubles.</summary>
    public static StoredValue Number(ref Utf8JsonReader number)
    {
        // "1.0" and "1e2" are doubles; TryGetInt64 accepts only digits.
        return number.TryGetInt64(out var whole) ? StoredValue.From(whole) : StoredValue.From(number.GetDouble());
    }

    /// <summary>The first characters of a text.</summary>
    /// <param name="isWhole">Whether the text has fewer characters than a key, so that the key is the text.</param>
    public static ReadOnlySpan<byte> Beginning(ReadOnlySpan<byte> utf8, out bool isWhole)
    {
        var (length, characters) = (0, 0);
        while (length < utf8.Length)
        {
            // Bytes of the form 10xxxxxx continue a character.
            if ((utf8[length] & 0xC0) != 0x80 && ++characters > Length)
            {
                break;
            }

            length++;
        }

        isWhole = characters < Length;
        return utf8[..length];
    }

    /// <summary>Compares two keys: numbers exactly, then texts by their bytes, then the rest.</summary>
    public static int Compare(StoredValue left, StoredValue right)
    {
        var (leftRank, rightRank) = (Rank(left), Rank(right));
        if (leftRank != rightRank)
        {
            return leftRank.CompareTo(rightRank);
        }

        return left.Type switch
        {
            StoredType.Text => left.Utf8.Span.SequenceCompareTo(right.Utf8.Span),
            StoredType.Integer => right.Type == StoredType.Integer ? left.Integer.CompareTo(right.Integer) : Compare(left.Integer, right.Real),
            StoredType.Real => right.Type == StoredType.Real ? left.Real.CompareTo(right.Real) : -Compare(right.Integer, left.Real),
            _ => 0,
        };
    }

    private static StoredValue Of(ref Utf8JsonReader value)
    {
        switch (value.TokenType)
        {
            case JsonTokenType.String:
                return StoredValue.From(Beginning(FieldReader.Text(ref value), out _).ToArray());
            case JsonTokenType.Number:
                var number = Number(ref value);
                return number.Type == StoredType.Real && number.Real < Least ? LeastNumber : number;
            case JsonTokenType.True:
                return True;
            case JsonTokenType.False:
                return False;
            case JsonTokenType.Null:
                return Null;
            default:
                return Other;
        }
    }

    private static int Rank(StoredValue key) => key.Type switch
    {
        StoredType.Integer or StoredType.Real => 1,
        StoredType.Text => 2,
        _ => 3,
    };

    private static int Compare(long whole, double real)
    {
        // 2^63 is the first double that no 64-bit number reaches.
        if (real >= 9223372036854775808.0)
        {
            return -1;
        }

        if (real < -9223372036854775808.0)
        {
            return 1;
        }

        var truncated = (long)real;
        return whole != truncated ? whole.CompareTo(truncated) : 0.0.CompareTo(real - truncated);
    }
}
