using System.Buffers.Binary;

namespace AllInOne.Core.Storage.Sqlite;

/// <summary>
/// Examines the bytes of a database file and its WAL before SQLite opens them. SQLite would lose data without an error: it drops a WAL if the
/// database file is missing or empty, or if the header of the WAL is damaged, and it reads the missing rest of a cut page as zeros. Source:
/// https://www.sqlite.org/fileformat2.html.
/// </summary>
internal static class SqliteBytes
{
    private const int LogHeaderBytes = 32;
    private const uint Magic = 0x377f0682;

    /// <summary>SQLite treats a file of one byte as empty.</summary>
    private const int LargestEmpty = 1;

    /// <summary>The fault that would make SQLite lose data; null if there is none. In a message, the text follows the path.</summary>
    /// <param name="path">The database file.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static string? Fault(string path)
    {
        var log = new FileInfo(path + "-wal");
        var length = Length(path);
        if (!log.Exists || log.Length <= LogHeaderBytes)
        {
            // If there is a WAL, it may contain the cut page. Without a WAL the page is lost.
            return length is LargestEmpty || (length > LargestEmpty && length % PageBytes(path) > 0)
                ? $"is damaged: it ends within a page, after {length} bytes"
                : null;
        }

        return length is null ? $"is missing, but its WAL ({log.Name}) has {log.Length} bytes"
            : length <= LargestEmpty ? $"is empty, but its WAL ({log.Name}) has {log.Length} bytes"
            : !HasHeader(log.FullName) ? $"cannot be used: the header of its WAL ({log.Name}) is damaged"
            : null;
    }

    /// <summary>Describes a path that is not a regular file; null for a regular file. In a message, the text follows the path.</summary>
    public static string? Obstacle(string path) =>
        Directory.Exists(path) ? "is a directory, not a file"
        // SQLite keeps the WAL beside the target of a link. The check at the start does not look there.
        : new FileInfo(path) is { LinkTarget: { } target } ? $"is a symbolic link to {target}, and must be the file itself"
        : null;

    /// <summary>The length of the file; null if the file does not exist.</summary>
    public static long? Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : null;

    /// <summary>The page size in the file's header; 1 if it is not a valid size, so that SQLite reports the fault.</summary>
    private static int PageBytes(string path)
    {
        Span<byte> size = stackalloc byte[2];
        using var stream = Open(path);
        stream.Position = 16;
        return stream.ReadAtLeast(size, size.Length, throwOnEndOfStream: false) < size.Length ? 1
            : BinaryPrimitives.ReadUInt16BigEndian(size) is var bytes and >= 512 && (bytes & (bytes - 1)) == 0 ? bytes
            : 1;
    }

    private static bool HasHeader(string log)
    {
        Span<byte> header = stackalloc byte[LogHeaderBytes];
        using (var stream = Open(log))
        {
            stream.ReadExactly(header);
        }

        var magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        if ((magic & ~1u) != Magic)
        {
            return false;
        }

        // The lowest bit of the magic number gives the byte order of the words in the checksum.
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

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
