using AllInOne.Core.Documents.LiteDb.Files.Disk;

namespace AllInOne.Core.Documents.LiteDb.Files;

/// <summary>
/// The records of the log that are on the disk, in memory: their place in the file and their checksum. It is filled once from the file; later it only
/// grows after a successful sync. It is never read from the file again, because after a failed sync the file seems to have records that the disk has
/// not.
/// </summary>
internal sealed class LogIndex
{
    private readonly List<(long Offset, ulong Checksum)> _records = [];
    private readonly ulong _salt;

    public LogIndex(long salt) => _salt = unchecked((ulong)salt);

    public int Count => _records.Count;

    /// <summary>The checksum that the next record is seeded with.</summary>
    public ulong Seed => SeedOf(_records.Count);

    /// <summary>The number of the newest version of the header page; -1 if there is none.</summary>
    public int HeaderPage { get; private set; } = -1;

    /// <summary>The offset where the next batch begins: the first block that has no record.</summary>
    public long End => Count == 0 ? LogHeader.Bytes : Align(_records[^1].Offset + LogRecord.Bytes);

    public ulong SeedOf(int number) => number == 0 ? _salt : _records[number - 1].Checksum;

    public long OffsetOf(int number) => _records[number].Offset;

    public void Add(long offset, ulong checksum, bool isHeader)
    {
        if (isHeader)
        {
            HeaderPage = _records.Count;
        }

        _records.Add((offset, checksum));
    }

    /// <summary>
    /// Reads the records of the file up to the last whole batch. Batches begin at a block of the disk, so that writing one never touches a block of
    /// the batch before.
    /// </summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static LogIndex Read(IFileIo file, LogHeader header)
    {
        var index = new LogIndex(header.Salt);
        var batch = new List<(long Offset, ulong Checksum, bool IsHeader)>();
        var record = new byte[LogRecord.Bytes];
        var seed = index.Seed;
        for (var offset = index.End; file.Read(offset, record) == record.Length; )
        {
            if (LogRecord.Check(record, index.Count + batch.Count, seed) is not { } checksum)
            {
                break;
            }

            seed = checksum;
            batch.Add((offset, checksum, LitePage.IsHeader(record)));
            offset += LogRecord.Bytes;
            if (LogRecord.IsLast(record))
            {
                batch.ForEach(one => index.Add(one.Offset, one.Checksum, one.IsHeader));
                batch.Clear();
                offset = index.End;
            }
        }

        return index;
    }

    /// <summary>The next boundary of a block.</summary>
    public static long Align(long offset) => (offset + LogHeader.SlotBytes - 1) / LogHeader.SlotBytes * LogHeader.SlotBytes;
}
