using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;

namespace AllInOne.Core.Documents.LiteDb.Files;

/// <summary>
/// The head of a log. The log file has two places for it, and each new head is written to the place of the older one, so a torn write leaves the
/// other. A new head makes all records of the one before invalid, because it has another salt.
/// </summary>
/// <param name="Sequence">The number of this head; the greater one of the two is valid.</param>
/// <param name="Salt">The start of the chain of checksums.</param>
/// <param name="Owner">The number of the data file that the log belongs to.</param>
internal readonly record struct LogHeader(ulong Sequence, ulong Salt, UInt128 Owner)
{
    /// <summary>The bytes of one place.</summary>
    public const int Block = 4096;

    private const ulong Magic = 0x31474F4C_4F494C41; // "ALIOLOG1"
    private const int Hashed = 40;

    /// <summary>The head of a log without records.</summary>
    public LogHeader Next(UInt128 owner) => new(Sequence + 1, BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong))), owner);

    /// <summary>Where it is in the file.</summary>
    public long Place => (long)(Sequence % 2) * Block;

    public byte[] Write()
    {
        var block = new byte[Block];
        BinaryPrimitives.WriteUInt64LittleEndian(block, Magic);
        BinaryPrimitives.WriteUInt64LittleEndian(block.AsSpan(8), Sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(block.AsSpan(16), Salt);
        BinaryPrimitives.WriteUInt128LittleEndian(block.AsSpan(24), Owner);
        BinaryPrimitives.WriteUInt64LittleEndian(block.AsSpan(Hashed), XxHash3.HashToUInt64(block.AsSpan(0, Hashed)));
        return block;
    }

    /// <summary>Reads a head; null if the block is none.</summary>
    public static LogHeader? Read(ReadOnlySpan<byte> block)
    {
        var isWhole = BinaryPrimitives.ReadUInt64LittleEndian(block) == Magic
            && BinaryPrimitives.ReadUInt64LittleEndian(block[Hashed..]) == XxHash3.HashToUInt64(block[..Hashed]);
        return isWhole
            ? new LogHeader(
                BinaryPrimitives.ReadUInt64LittleEndian(block[8..]),
                BinaryPrimitives.ReadUInt64LittleEndian(block[16..]),
                BinaryPrimitives.ReadUInt128LittleEndian(block[24..]))
            : null;
    }
}
