using AllInOne.Core.Documents.LiteDb.Files.Disk;

namespace AllInOne.Core.Documents.LiteDb.Files;

/// <summary>
/// The data file as one engine sees it. A page that cannot be written stays in memory, where reads find it, until <see cref="Flush"/> can write it.
/// Only a checkpoint and the creation write to it, so the log still has every page that is not on the disk.
/// </summary>
internal sealed class DataStream(IFileIo file) : PageStream
{
    private readonly SortedDictionary<long, byte[]> _kept = [];
    private bool _isWritten;
    private bool _hasLostWrites;

    /// <summary>
    /// Whether everything that was written is on the disk. After a failed sync it stays false: the system forgets which pages it could not write, so
    /// another engine must write them again from the log.
    /// </summary>
    public bool IsSynced => _kept.Count == 0 && !_isWritten && !_hasLostWrites;

    /// <summary>
    /// Whether writes are accepted; others are ignored. LiteDB marks the header page of a file that it takes for damaged, which the log does not have:
    /// a loss of power during such a write could destroy the header page.
    /// </summary>
    public bool AcceptsWrites { get; set; }

    /// <summary>The length in bytes, without a page at the end that was only partly written.</summary>
    public override long Length
    {
        get
        {
            var length = file.Length / LitePage.Size * LitePage.Size;
            return _kept.Count == 0 ? length : Math.Max(length, _kept.Keys.Last() + LitePage.Size);
        }
    }

    /// <summary>
    /// Puts a page in front of the one in the file, and writes it with the next <see cref="Flush"/>. A checkpoint that was interrupted may have left
    /// half of the header page, which LiteDB reads from the data file before it reads the log.
    /// </summary>
    public void Replace(long position, byte[] page) => _kept[position] = page;

    /// <summary>Tries to write the kept pages again, then brings the file to the disk. Does not throw; see <see cref="IsSynced"/>.</summary>
    public override void Flush()
    {
        try
        {
            foreach (var (position, page) in _kept.ToList())
            {
                _isWritten = true;
                file.Write(position, [page]);
                _kept.Remove(position);
            }
        }
        catch (IOException failure)
        {
            Fault ??= failure;
            return;
        }

        try
        {
            file.Sync();
            _isWritten = false;
            Fault = _hasLostWrites ? Fault : null;
        }
        catch (IOException failure)
        {
            _hasLostWrites = true;
            Fault ??= failure;
        }
    }

    /// <summary>LiteDB does not shorten the data file.</summary>
    public override void SetLength(long value) => Fault ??= new IOException($"The data file cannot be cut to {value} bytes");

    protected override void ReadPage(long position, Span<byte> page)
    {
        if (_kept.TryGetValue(position, out var kept))
        {
            kept.CopyTo(page);
        }
        else if (file.Read(position, page) != page.Length)
        {
            throw new IOException($"The data file ends before the end of the page at {position}");
        }
    }

    protected override void WritePage(long position, ReadOnlySpan<byte> page)
    {
        if (!AcceptsWrites)
        {
            return;
        }

        var copy = page.ToArray();
        try
        {
            _isWritten = true;
            file.Write(position, [copy]);
            _kept.Remove(position);
        }
        catch (IOException failure)
        {
            _kept[position] = copy;
            Fault ??= failure;
        }
    }
}
