using System.Buffers.Binary;
using System.Globalization;
using LiteDB;

namespace AllInOne.Core.Documents.LiteDb.Files;

/// <summary>The first bytes of a data file, read without LiteDB: whether the file is one that this server created, and its identity.</summary>
internal static class LiteFileHeader
{
    /// <summary>The bytes that are examined: all fixed fields of the header page. The first block of the disk has them all.</summary>
    public const int Bytes = 192;

    private const int InfoAt = 32;
    private const int VersionAt = 59;
    private const int CreatedAt = 68;
    private const int UserVersionAt = 76;
    private const int CultureAt = 80;
    private const int SortAt = 84;
    private const int CheckpointAt = 97;
    private const int EarlierInfoAt = 25;
    private const byte Version = 8;

    /// <summary>The collation of every data file: strings are compared by their UTF-16 code units, as the rest of the server does.</summary>
    public static Collation Ordinal { get; } = new(127, CompareOptions.Ordinal);

    private static ReadOnlySpan<byte> Info => "** This is a LiteDB file **"u8;

    /// <summary>Whether all bytes are zero: what a loss of power may leave of a block that was being written.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> start) => !start.ContainsAnyExcept((byte)0);

    /// <summary>The identity of the data file.</summary>
    /// <param name="path">For the message only.</param>
    /// <param name="start">The first <see cref="Bytes"/> bytes of the file, or all bytes of a shorter file.</param>
    /// <exception cref="Storage.StorageException">The file is not a whole data file of this server. The message is one line.</exception>
    public static DataFileId Identify(string path, ReadOnlySpan<byte> start)
    {
        if (start.Length < Bytes)
        {
            throw start.IsEmpty ? LiteFault.Damaged(path, "it is empty") : LiteFault.Damaged(path, "it is cut off");
        }

        if (!start[InfoAt..].StartsWith(Info))
        {
            throw start[EarlierInfoAt..].StartsWith(Info) ? LiteFault.Foreign(path, "was written by LiteDB 4 or earlier, which this program cannot read")
                : start[0] == 1 && IsBlank(start[17..32]) ? LiteFault.Foreign(path, "is encrypted, which this program does not support")
                : LiteFault.Foreign(path, "is no database of LiteDB, or its header page is damaged");
        }

        if (start[VersionAt] != Version || BinaryPrimitives.ReadUInt32LittleEndian(start) != 0 || !LitePage.IsHeader(start))
        {
            throw LiteFault.Damaged(path, "its header page is not a header of LiteDB 5");
        }

        var created = BinaryPrimitives.ReadInt64LittleEndian(start[CreatedAt..]);
        var number = BinaryPrimitives.ReadInt32LittleEndian(start[UserVersionAt..]);
        if (number <= 0
            || created <= 0
            || BinaryPrimitives.ReadInt32LittleEndian(start[CultureAt..]) != Ordinal.LCID
            || BinaryPrimitives.ReadInt32LittleEndian(start[SortAt..]) != (int)Ordinal.SortOptions
            || BinaryPrimitives.ReadInt32LittleEndian(start[CheckpointAt..]) != 0)
        {
            throw LiteFault.Foreign(path, "was not created by this server, or its header page is damaged");
        }

        return new DataFileId(created, number);
    }
}
