using System.Buffers.Binary;
using System.Text;
using AllInOne.Core.Storage;

namespace AllInOne.Core.Documents.Queries.Evaluation;

/// <summary>
/// A key of an index as bytes: compared byte by byte, such keys have the order of (<see cref="FieldKey"/>, id). A number is a double with the
/// remainder of a 64-bit number, so all numbers of both kinds have their exact order. A text is its UTF-8 with 00 written as 00 FF, then 00 01. The
/// id is at the end. A key has at most 128 × 4 + 131 bytes, or, for a text of NULs, less.
/// </summary>
internal static class IndexKey
{
    private const byte Number = 1;
    private const byte Text = 2;
    private const byte Other = 3;
    private const int NumberBytes = 1 + sizeof(double) + sizeof(ushort);

    /// <summary>The key of a document.</summary>
    public static byte[] Of(StoredValue key, string id)
    {
        var start = Start(key);
        var bytes = new byte[start.Length + id.Length];
        start.CopyTo(bytes, 0);

        // An id is made of ASCII characters.
        Encoding.ASCII.GetBytes(id, bytes.AsSpan(start.Length));
        return bytes;
    }

    /// <summary>The bytes before the id: they come before the keys of all documents with this value.</summary>
    public static byte[] Start(StoredValue key) => key.Type switch
    {
        StoredType.Integer => OfNumber(key.Integer),
        StoredType.Real => OfNumber(key.Real, 0),
        StoredType.Text => OfText(key.Utf8.Span),
        _ => [Other],
    };

    /// <summary>Bytes that come after the keys of all documents with this value.</summary>
    public static byte[] End(StoredValue key) => [.. Start(key), 0xFF];

    private static byte[] OfNumber(long whole)
    {
        var near = (double)whole;
        if (near >= 9223372036854775808.0 || (long)near > whole)
        {
            near = Math.BitDecrement(near);
        }

        return OfNumber(near, (ushort)(whole - (long)near));
    }

    private static byte[] OfNumber(double real, ushort remainder)
    {
        // Adding zero makes 0 of -0. Then the bits have the order of the numbers, if those of negative numbers are inverted.
        var bits = BitConverter.DoubleToInt64Bits(real + 0.0);
        var ordered = bits < 0 ? ~bits : bits ^ long.MinValue;
        var bytes = new byte[NumberBytes];
        bytes[0] = Number;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1), ordered);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(1 + sizeof(double)), remainder);
        return bytes;
    }

    private static byte[] OfText(ReadOnlySpan<byte> utf8)
    {
        var bytes = new List<byte>(utf8.Length + 3) { Text };
        foreach (var one in utf8)
        {
            bytes.Add(one);
            if (one == 0)
            {
                bytes.Add(0xFF);
            }
        }

        bytes.Add(0);
        bytes.Add(1);
        return [.. bytes];
    }
}
