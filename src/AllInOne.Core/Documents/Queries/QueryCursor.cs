using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AllInOne.Core.Storage;

namespace AllInOne.Core.Documents.Queries;

/// <summary>
/// The cursor of a list, which is opaque for clients: the beginning of a hash that identifies the list, then the sort keys of the last row. It is not
/// signed, because it gives no access: its values are parameters of a query that the client may run anyway.
/// </summary>
internal static class QueryCursor
{
    private const int HashBytes = 8;

    /// <summary>The maximum length, far more than the keys of 32 fields take. A longer text is refused before it is decoded.</summary>
    private const int MaxLength = 32 * 1024;

    private const string Foreign = "is none of this list: it comes from another collection, filter or order";

    /// <summary>The hash that identifies a list. The version of the cursor's format is a part of it.</summary>
    public static byte[] Hash(string scope, string filter, string sort) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', "1", scope, sort, filter)))[..HashBytes];

    public static string Write(byte[] hash, IReadOnlyList<StoredValue> place)
    {
        using var bytes = new MemoryStream();
        bytes.Write(hash);
        Span<byte> number = stackalloc byte[sizeof(long)];
        foreach (var key in place)
        {
            bytes.WriteByte((byte)key.Type);
            switch (key.Type)
            {
                case StoredType.Integer:
                    BinaryPrimitives.WriteInt64LittleEndian(number, key.Integer);
                    bytes.Write(number);
                    break;
                case StoredType.Real:
                    BinaryPrimitives.WriteDoubleLittleEndian(number, key.Real);
                    bytes.Write(number);
                    break;
                case StoredType.Text:
                    BinaryPrimitives.WriteInt32LittleEndian(number, key.Utf8.Length);
                    bytes.Write(number[..sizeof(int)]);
                    bytes.Write(key.Utf8.Span);
                    break;
                case StoredType.Blob:
                    break;
                default:
                    throw new ArgumentException("A sort key is never NULL.", nameof(place));
            }
        }

        return Base64Url.EncodeToString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    /// <exception cref="QueryException">The text is not a cursor, or the cursor of another list.</exception>
    public static IReadOnlyList<StoredValue> Read(string text, byte[] hash, int keys)
    {
        var bytes = text.Length <= MaxLength && Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : [];
        if (!bytes.AsSpan().StartsWith(hash))
        {
            throw Problem();
        }

        var rest = bytes.AsSpan(HashBytes);
        var place = new StoredValue[keys];
        for (var i = 0; i < keys; i++)
        {
            place[i] = Value(ref rest);
        }

        return rest.IsEmpty ? place : throw Problem();
    }

    private static StoredValue Value(ref Span<byte> rest)
    {
        switch ((StoredType)Take(ref rest, 1)[0])
        {
            case StoredType.Integer:
                return StoredValue.From(BinaryPrimitives.ReadInt64LittleEndian(Take(ref rest, sizeof(long))));
            case StoredType.Real:
                // NaN has no place in an order.
                var real = BinaryPrimitives.ReadDoubleLittleEndian(Take(ref rest, sizeof(double)));
                return double.IsNaN(real) ? throw Problem() : StoredValue.From(real);
            case StoredType.Text:
                var length = BinaryPrimitives.ReadInt32LittleEndian(Take(ref rest, sizeof(int)));
                return StoredValue.From(Take(ref rest, length).ToArray());
            case StoredType.Blob:
                return StoredValue.EmptyBlob;
            default:
                throw Problem();
        }
    }

    private static Span<byte> Take(ref Span<byte> rest, int length)
    {
        if (length < 0 || length > rest.Length)
        {
            throw Problem();
        }

        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }

    private static QueryException Problem() => new("cursor", null, Foreign);
}
