using System.Buffers.Binary;
using System.IO.Hashing;
using AllInOne.Core.Documents.LiteDb.Files.Disk;

namespace AllInOne.Core.Documents.LiteDb.Files;

/// <summary>
/// The header of the log. It is written twice, each copy in a block of its own: first to one slot, which is brought to the disk before any record is
/// written under it, then to the other. So one of the two is always whole, also if the power fails during the first write, and as soon as there is a
/// record that counts, damage to one slot loses nothing.
/// </summary>
/// <param name="Sequence">Grows with each new header; the header with the higher number is valid.</param>
/// <param name="Salt">Random. The checksums of the records begin with it, so records under an earlier header do not count.</param>
/// <param name="File">The data file that the log belongs to.</param>
internal readonly record struct LogHeader(long Sequence, long Salt, DataFileId File)
{
    /// <summary>The bytes of a slot, the largest unit that a disk writes at once.</summary>
    public const int SlotBytes = 4096;

    /// <summary>The bytes of both slots, where the records begin.</summary>
    public const int Bytes = 2 * SlotBytes;

    private const ulong Magic = 0x474F4C4554494C41; // "ALITELOG"
    private const int Version = 1;
    private const int ChecksumAt = 48;

    /// <summary>Writes a slot: 8 bytes magic, 4 version, 4 unused, 8 sequence, 8 salt, 16 identity of the data file, 8 XXH3 checksum; then zeros.</summary>
    public byte[] ToBlock()
    {
        var block = new byte[SlotBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(block, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(8), Version);
        BinaryPrimitives.WriteInt64LittleEndian(block.AsSpan(16), Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(block.AsSpan(24), Salt);
        BinaryPrimitives.WriteInt64LittleEndian(block.AsSpan(32), File.Created);
        BinaryPrimitives.WriteInt64LittleEndian(block.AsSpan(40), File.Number);
        BinaryPrimitives.WriteUInt64LittleEndian(block.AsSpan(ChecksumAt), XxHash3.HashToUInt64(block.AsSpan(0, ChecksumAt)));
        return block;
    }

    /// <summary>The header in a slot; null if it is damaged, was only partly written, or has a format that this program does not know.</summary>
    public static LogHeader? Of(ReadOnlySpan<byte> block)
    {
        if (block.Length < SlotBytes
            || BinaryPrimitives.ReadUInt64LittleEndian(block) != Magic
            || BinaryPrimitives.ReadInt32LittleEndian(block[8..]) != Version
            || BinaryPrimitives.ReadUInt64LittleEndian(block[ChecksumAt..]) != XxHash3.HashToUInt64(block[..ChecksumAt]))
        {
            return null;
        }

        var file = new DataFileId(BinaryPrimitives.ReadInt64LittleEndian(block[32..]), (int)BinaryPrimitives.ReadInt64LittleEndian(block[40..]));
        return new LogHeader(BinaryPrimitives.ReadInt64LittleEndian(block[16..]), BinaryPrimitives.ReadInt64LittleEndian(block[24..]), file);
    }

    /// <summary>The valid header of a log and the slot that has it; null if no slot can be read.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static (LogHeader Header, int Slot)? Read(IFileIo file)
    {
        var slots = new byte[Bytes];
        var length = file.Read(0, slots);
        var first = Of(slots.AsSpan(0, Math.Min(length, SlotBytes)));
        var second = Of(slots.AsSpan(SlotBytes, Math.Max(0, length - SlotBytes)));
        return second is { } later && !(first?.Sequence > later.Sequence) ? (later, 1)
            : first is { } only ? (only, 0)
            : null;
    }
}
