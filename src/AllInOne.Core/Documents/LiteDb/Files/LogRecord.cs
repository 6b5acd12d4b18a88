using System.Buffers.Binary;
using System.IO.Hashing;

namespace AllInOne.Core.Documents.LiteDb.Files;

/// <summary>
/// One page in the log: 8192 bytes of page, 4 bytes that are 1 for the last record of a batch and else 0, 4 bytes number of the record since the
/// header, 8 bytes checksum. The checksum is seeded by that of the record before, so a record only counts together with all records before it.
/// </summary>
internal static class LogRecord
{
    public const int Bytes = LitePage.Size + 16;

    private const int LastAt = LitePage.Size;
    private const int NumberAt = LitePage.Size + 4;
    private const int ChecksumAt = LitePage.Size + 8;

    /// <summary>Writes what follows the page.</summary>
    /// <param name="record">Exactly <see cref="Bytes"/> bytes; the page is already in them.</param>
    /// <param name="seed">The checksum of the record before; for the first record the salt of the header.</param>
    /// <returns>The checksum of this record.</returns>
    public static ulong Seal(Span<byte> record, int number, bool isLast, ulong seed)
    {
        BinaryPrimitives.WriteInt32LittleEndian(record[LastAt..], isLast ? 1 : 0);
        BinaryPrimitives.WriteInt32LittleEndian(record[NumberAt..], number);
        var checksum = Checksum(record, seed);
        BinaryPrimitives.WriteUInt64LittleEndian(record[ChecksumAt..], checksum);
        return checksum;
    }

    /// <summary>The checksum of a record that is whole and follows the record with the given checksum; null for any other bytes.</summary>
    public static ulong? Check(ReadOnlySpan<byte> record, int number, ulong seed)
    {
        var checksum = BinaryPrimitives.ReadUInt64LittleEndian(record[ChecksumAt..]);
        return BinaryPrimitives.ReadInt32LittleEndian(record[NumberAt..]) == number && checksum == Checksum(record, seed) ? checksum : null;
    }

    /// <summary>Whether the record is the last one of a batch. The last page of a batch confirms a transaction, otherwise the record does not count.</summary>
    public static bool IsLast(ReadOnlySpan<byte> record) =>
        BinaryPrimitives.ReadInt32LittleEndian(record[LastAt..]) == 1 && LitePage.IsConfirmed(record);

    private static ulong Checksum(ReadOnlySpan<byte> record, ulong seed) => XxHash3.HashToUInt64(record[..ChecksumAt], unchecked((long)seed));
}
