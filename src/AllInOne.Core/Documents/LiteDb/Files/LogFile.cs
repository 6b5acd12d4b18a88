using System.Security.Cryptography;
using AllInOne.Core.Documents.LiteDb.Files.Disk;
using AllInOne.Core.Storage;

namespace AllInOne.Core.Documents.LiteDb.Files;

/// <summary>
/// The log of one data file on the disk, <c>documents.db-log</c>: LiteDB's pages with checksums. Owned by <see cref="LiteFile"/>; it outlives the
/// engines, so that a new engine continues with exactly the records that are on the disk. One thread at a time uses it.
/// <para>
/// A batch of pages is written with one call and brought to the disk with one sync. If either fails, the batch does not count and the next batch
/// overwrites it, so the same change can be repeated when the disk has room again.
/// </para>
/// </summary>
internal sealed class LogFile : IDisposable
{
    /// <summary>A log that is larger after a checkpoint is cut; a smaller one keeps its blocks, which makes the next writes faster.</summary>
    public const long KeptBytes = 16 * 1024 * 1024;

    private static readonly byte[] Zeros = new byte[LogHeader.SlotBytes];

    private readonly string _path;
    private readonly IFileIo _file;
    private LogHeader _header;
    private LogIndex _index;
    private HeaderState _state;

    // The slot that surely has a whole header. A new header is written to the other slot first.
    private int _slot;

    private LogFile(string path, IFileIo file, LogHeader header, int slot, LogIndex index, HeaderState state) =>
        (_path, _file, _header, _slot, _index, _state, NeedsCheckpoint) = (path, file, header, slot, index, state, index.Count > 0);

    private enum HeaderState
    {
        /// <summary>The header is not known to be on the disk.</summary>
        Missing,

        /// <summary>One slot has it; the other one is written with the next batch.</summary>
        Single,

        /// <summary>Both slots have it.</summary>
        Double,
    }

    /// <summary>The number of pages in the log.</summary>
    public int Count => _index.Count;

    /// <summary>The bytes of the log that are in use, with its header.</summary>
    public long UsedBytes => _index.End;

    /// <summary>
    /// Whether the records were found at the start. An earlier process may have had a failed sync, so the records may be in the memory of the system
    /// only. They may be read, but nothing is appended to them: a checkpoint must bring them into the data file first.
    /// </summary>
    public bool NeedsCheckpoint { get; private set; }

    /// <summary>Creates an empty log on the disk, before the data file gets its name. So a data file without a log is always a loss.</summary>
    /// <exception cref="StorageException">The log cannot be created.</exception>
    public static void Create(string path, DataFileId id, FileOpener opener)
    {
        using var file = LiteFault.Opening(path, () => opener(path, FileMode.Create));
        var header = new LogHeader(1, RandomSalt(), id);
        var log = new LogFile(path, file, header, slot: 1, new LogIndex(header.Salt), HeaderState.Missing);
        try
        {
            log.WriteHeader();
            file.Sync();
        }
        catch (IOException failure)
        {
            throw LiteFault.Of(path, "written", failure);
        }
    }

    /// <summary>
    /// Whether the file is a log that was never used: what an interrupted creation leaves. It may be deleted when there is no data file.
    /// </summary>
    /// <exception cref="StorageException">The log cannot be read.</exception>
    public static bool IsUnused(string path, FileOpener opener)
    {
        using var file = LiteFault.Opening(path, () => opener(path, FileMode.Open));
        try
        {
            return LogHeader.Read(file) is { } found
                ? found.Header.Sequence == 1 && LogIndex.Read(file, found.Header).Count == 0
                : file.Length <= LogHeader.Bytes;
        }
        catch (IOException broken)
        {
            throw LiteFault.Of(path, "read", broken);
        }
    }

    /// <summary>Opens the log of a data file. Call it after the data file is locked.</summary>
    /// <exception cref="StorageException">The log cannot be used. The message is one line that names the fault and the remedy.</exception>
    public static LogFile Open(string path, FileOpener opener)
    {
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            throw LiteFault.Lost(path, "is missing");
        }

        var file = LiteFault.Opening(path, () => opener(path, FileMode.Open));
        try
        {
            if (file.Length < LogHeader.Bytes)
            {
                throw LiteFault.Lost(path, "is cut off");
            }

            var (header, slot) = LogHeader.Read(file) ?? throw LiteFault.Lost(path, "is damaged: both copies of its header are unreadable");

            // The other slot is written again with the next batch, because it may not be on the disk. This costs nothing.
            return new LogFile(path, file, header, slot, LogIndex.Read(file, header), HeaderState.Single);
        }
        catch (IOException broken)
        {
            file.Dispose();
            throw LiteFault.Of(path, "read", broken);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Refuses the log of another data file. It must never be applied to this one.</summary>
    /// <exception cref="StorageException">The log belongs to another data file.</exception>
    public void MustBelongTo(DataFileId id)
    {
        if (_header.File != id)
        {
            throw LiteFault.Lost(_path, "belongs to another data file");
        }
    }

    /// <summary>Reads a page and verifies its checksum.</summary>
    /// <param name="record">Exactly <see cref="LogRecord.Bytes"/> bytes; the page is at their beginning.</param>
    /// <exception cref="IOException">The page cannot be read, or the disk returns other bytes than were written.</exception>
    public void Read(int number, Span<byte> record)
    {
        if (_file.Read(_index.OffsetOf(number), record) != record.Length || LogRecord.Check(record, number, _index.SeedOf(number)) is null)
        {
            throw new IOException($"{_path} is damaged: record {number} is not what was written");
        }
    }

    /// <summary>The newest version of the header page in the log; null if it has none.</summary>
    /// <exception cref="StorageException">The page cannot be read.</exception>
    public byte[]? ReadHeaderPage()
    {
        if (_index.HeaderPage < 0)
        {
            return null;
        }

        try
        {
            var record = new byte[LogRecord.Bytes];
            Read(_index.HeaderPage, record);
            LitePage.ClearTransaction(record);
            return record[..LitePage.Size];
        }
        catch (IOException broken)
        {
            throw LiteFault.Of(_path, "read", broken);
        }
    }

    /// <summary>Appends one batch and brings it to the disk. If it returns, the pages survive a loss of power.</summary>
    /// <param name="records">
    /// Each exactly <see cref="LogRecord.Bytes"/> bytes with the page at the beginning; the rest is written here. The last page confirms a transaction.
    /// </param>
    /// <exception cref="StorageException">The batch is not on the disk and does not count. The log itself can still be used.</exception>
    public void Append(IReadOnlyList<byte[]> records)
    {
        if (records.Count == 0)
        {
            return;
        }

        if (NeedsCheckpoint)
        {
            throw new StorageException(_path, $"{_path} has transactions from an earlier run: a checkpoint is needed before the next write");
        }

        var checksums = new ulong[records.Count];
        var parts = new List<ReadOnlyMemory<byte>>(records.Count + 1);
        var seed = _index.Seed;
        for (var n = 0; n < records.Count; n++)
        {
            seed = checksums[n] = LogRecord.Seal(records[n], _index.Count + n, n == records.Count - 1, seed);
            parts.Add(records[n]);
        }

        var start = _index.End;
        var end = start + ((long)records.Count * LogRecord.Bytes);
        parts.Add(Zeros.AsMemory(0, (int)(LogIndex.Align(end) - end)));
        try
        {
            WriteHeader();
            _file.Write(start, parts);
            _file.Sync();
        }
        catch (IOException failure)
        {
            // The copy of the header may be lost too.
            _state = _state == HeaderState.Double ? HeaderState.Single : _state;
            throw LiteFault.Of(_path, "written", failure);
        }

        for (var n = 0; n < records.Count; n++)
        {
            _index.Add(start + ((long)n * LogRecord.Bytes), checksums[n], LitePage.IsHeader(records[n]));
        }
    }

    /// <summary>
    /// Empties the log. Call it after the data file has all its pages on the disk. Afterwards the log is empty even if this fails: the next batch
    /// writes the new header first.
    /// </summary>
    /// <exception cref="StorageException">The new header could not be written.</exception>
    public void Reset()
    {
        _header = _header with { Sequence = _header.Sequence + 1, Salt = RandomSalt() };
        _index = new LogIndex(_header.Salt);
        _state = HeaderState.Missing;
        NeedsCheckpoint = false;
        try
        {
            WriteHeader();
            if (_file.Length > KeptBytes)
            {
                _file.SetLength(KeptBytes);
            }
        }
        catch (IOException failure)
        {
            throw LiteFault.Of(_path, "written", failure);
        }
    }

    public void Dispose() => _file.Dispose();

    private static long RandomSalt() => BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    // The other slot is not brought to the disk here: the sync of the first batch does that, before any record counts.
    private void WriteHeader()
    {
        if (_state == HeaderState.Missing)
        {
            WriteSlot(1 - _slot);
            _file.Sync();
            _slot = 1 - _slot;
            _state = HeaderState.Single;
        }

        if (_state == HeaderState.Single)
        {
            WriteSlot(1 - _slot);
            _state = HeaderState.Double;
        }
    }

    private void WriteSlot(int slot) => _file.Write((long)slot * LogHeader.SlotBytes, [_header.ToBlock()]);
}
