using System.Buffers.Binary;

namespace AllInOne.Core.Storage.Sqlite;

/// <summary>
/// What a WAL file says about itself before SQLite opens it. SQLite drops a WAL without a word where the database file is missing or empty,
/// or where the WAL's header is damaged; the commits in it are lost then.
/// Source: https://www.sqlite.org/fileformat2.html#walformat.
/// </summary>
internal static class SqliteLog
{
    private const int HeaderBytes = 32;
    private const uint Magic = 0x377f0682;

    /// <summary>The fault of a database file and its WAL that makes SQLite drop the WAL; null when there is none.</summary>
    /// <param name="path">The database file.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static string? Fault(string path)
    {
        var log = new FileInfo(path + "-wal");
        if (!log.Exists || log.Length <= HeaderBytes)
        {
            return null;
        }

        var file = new FileInfo(path);
        return !file.Exists ? $"is missing, but its WAL ({log.Name}) has {log.Length} bytes"
            : file.Length == 0 ? $"is empty, but its WAL ({log.Name}) has {log.Length} bytes"
            : !HasHeader(log.FullName) ? $"cannot be used: the header of its WAL ({log.Name}) is damaged"
            : null;
    }

    private static bool HasHeader(string log)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        using (var stream = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
        {
            stream.ReadExactly(header);
        }

        var magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        if ((magic & ~1u) != Magic)
        {
            return false;
        }

        // The lowest bit of the magic number gives the byte order of the words that the checksum is made of.
        var isBigEndian = (magic & 1) == 1;
        uint first = 0, second = 0;
        for (var at = 0; at < 24; at += 8)
        {
            first += Word(header[at..]) + second;
            second += Word(header[(at + 4)..]) + first;
        }

        return first == BinaryPrimitives.ReadUInt32BigEndian(header[24..]) && second == BinaryPrimitives.ReadUInt32BigEndian(header[28..]);

        uint Word(ReadOnlySpan<byte> bytes) =>
            isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }
}
