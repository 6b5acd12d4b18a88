using System.Buffers.Binary;
using System.IO.Hashing;
using AllInOne.Core.Storage;

namespace AllInOne.Core.Documents.LiteDb.Files;

/// <summary>
/// The log of a LiteDB file: the pages of the transactions that are committed and not yet copied into the data file. LiteDB's own log has no checksum
/// and is never brought to the disk. Here each page is followed by a checksum that continues the checksum before it, all pages of a transaction are
/// written at once, and then the file is synced. At the start the log ends with the last whole transaction. It outlives the engine: after a failed
/// sync the end is not read again from the file, because the operating system may hold pages that are not on the disk. For one thread at a time.
/// </summary>
internal sealed class LogFile
{
    public const int PageBytes = 8192;

    private const int SumBytes = sizeof(ulong);
    private const int RecordBytes = PageBytes + SumBytes;
    private const long FirstRecord = 2L * LogHeader.Block;
    private const int ConfirmedOffset = 18;
    private const int RecordsAtOnce = 128;

    private readonly IFileIo _file;
    private readonly string _path;
    private readonly long _keptBytes;
    private LogHeader _header;
    private ulong _sum;

    /// <param name="path">For messages.</param>
    /// <param name="owner">The number of the data file.</param>
    /// <param name="keptBytes">The size that the file may keep when it is empty.</param>
    /// <exception cref="StorageException">The log is damaged, or belongs to another data file.</exception>
    /// <exception cref="IOException">The log cannot be read or created.</exception>
    public LogFile(IFileIo file, string path, UInt128 owner, long keptBytes)
    {
        (_file, _path, _keptBytes) = (file, path, keptBytes);
        _header = ReadHeader(owner);
        if (_header.Sequence == 0)
        {
            _header = default(LogHeader).Next(owner);
            WriteHeader();
        }

        (Count, _sum) = Scan();
    }

    /// <summary>The number of pages of committed transactions.</summary>
    public int Count { get; private set; }

    /// <summary>The size of these pages in the file.</summary>
    public long Bytes => (long)Count * RecordBytes;

    /// <summary>The size of the file.</summary>
    public long FileBytes => _file.Length;

    /// <summary>Reads a page of a committed transaction.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public void Read(int index, Span<byte> page) => _file.Read(page, PlaceOf(index));

    /// <summary>Writes pages behind the last one and syncs the file. After an exception none of them counts.</summary>
    /// <exception cref="IOException">The disk refuses it.</exception>
    public void Append(IReadOnlyList<byte[]> pages)
    {
        if (pages.Count == 0)
        {
            return;
        }

        var parts = new ReadOnlyMemory<byte>[pages.Count * 2];
        var sum = _sum;
        for (var n = 0; n < pages.Count; n++)
        {
            sum = Next(sum, pages[n]);
            var tail = new byte[SumBytes];
            BinaryPrimitives.WriteUInt64LittleEndian(tail, sum);
            (parts[2 * n], parts[(2 * n) + 1]) = (pages[n], tail);
        }

        _file.Write(parts, PlaceOf(Count));
        _file.Sync();
        (Count, _sum) = (Count + pages.Count, sum);
    }

    /// <summary>Empties the log. Call it only when the data file has all of its pages on the disk.</summary>
    /// <exception cref="IOException">The disk refuses it. The log still has its pages, which may be copied again.</exception>
    public void Reset()
    {
        var before = _header;
        try
        {
            _header = _header.Next(_header.Owner);
            WriteHeader();
        }
        catch (IOException)
        {
            // The new head may be on the disk or not. Both are right, because it has no records.
            _header = before;
            throw;
        }

        (Count, _sum) = (0, _header.Salt);
        if (_file.Length > _keptBytes)
        {
            _file.SetLength(FirstRecord);
        }
    }

    private LogHeader ReadHeader(UInt128 owner)
    {
        if (_file.Length < FirstRecord)
        {
            return default;
        }

        var blocks = new byte[FirstRecord];
        _file.Read(blocks, 0);
        var (one, other) = (LogHeader.Read(blocks.AsSpan(0, LogHeader.Block)), LogHeader.Read(blocks.AsSpan(LogHeader.Block)));
        var header = one?.Sequence > (other?.Sequence ?? 0) ? one : other ?? one;
        if (header is null)
        {
            // A head is on the disk before the first record. So without a record, this is a file whose creation was interrupted.
            return _file.Length == FirstRecord
                ? default
                : throw new StorageException(
                    _path, $"{_path} is damaged: both of its heads are unreadable. Restore a backup, or move the file away and lose its last transactions");
        }

        return header.Value.Owner == owner
            ? header.Value
            : throw new StorageException(_path, $"{_path} belongs to another data file: put back the file that belongs to it, or move the log away");
    }

    private void WriteHeader()
    {
        _file.Write([_header.Write()], _header.Place);
        if (_file.Length < FirstRecord)
        {
            _file.SetLength(FirstRecord);
        }

        _file.Sync();
    }

    /// <summary>Follows the chain of checksums up to the last page that confirms a transaction.</summary>
    private (int Count, ulong Sum) Scan()
    {
        var (confirmed, confirmedSum) = (0, _header.Salt);
        var sum = _header.Salt;
        var records = (int)Math.Min((_file.Length - FirstRecord) / RecordBytes, int.MaxValue);
        var buffer = new byte[RecordsAtOnce * RecordBytes];
        for (var first = 0; first < records; first += RecordsAtOnce)
        {
            var some = Math.Min(RecordsAtOnce, records - first);
            _file.Read(buffer.AsSpan(0, some * RecordBytes), PlaceOf(first));
            for (var n = 0; n < some; n++)
            {
                var record = buffer.AsSpan(n * RecordBytes, RecordBytes);
                sum = Next(sum, record[..PageBytes]);
                if (BinaryPrimitives.ReadUInt64LittleEndian(record[PageBytes..]) != sum)
                {
                    return (confirmed, confirmedSum);
                }

                if (record[ConfirmedOffset] != 0)
                {
                    (confirmed, confirmedSum) = (first + n + 1, sum);
                }
            }
        }

        return (confirmed, confirmedSum);
    }

    private static long PlaceOf(int index) => FirstRecord + ((long)index * RecordBytes);

    private static ulong Next(ulong sum, ReadOnlySpan<byte> page) => XxHash3.HashToUInt64(page, unchecked((long)sum));
}
