using AllInOne.Core.Storage;

namespace AllInOne.Core.Documents.LiteDb.Files;

/// <summary>
/// The log as one engine sees it: pages at the positions 0, 8192 and so on. First the pages of <see cref="LogFile"/>, then the pages written since the
/// last <see cref="Sync"/>, which are only in memory. If the engine is thrown away, they are gone with it.
/// </summary>
internal sealed class LogStream(LogFile file) : PageStream
{
    // Pages of small transactions reuse these buffers. A large transaction must not keep its memory for ever.
    private const int MostSpare = 64;

    private readonly List<byte[]> _held = [];
    private readonly Stack<byte[]> _spare = [];
    private readonly byte[] _record = new byte[LogRecord.Bytes];

    /// <summary>Whether LiteDB has copied the log into the data file and emptied it. The file is emptied later, by <see cref="Reset"/>.</summary>
    public bool IsCleared { get; private set; }

    /// <summary>Whether there are pages that only a next <see cref="Sync"/> brings to the disk.</summary>
    public bool HasHeld => _held.Count > 0;

    public override long Length => IsCleared ? 0 : (long)(file.Count + _held.Count) * LitePage.Size;

    /// <summary>
    /// Brings the held pages up to the last committed transaction to the disk, as one batch: after a loss of power either all of them are there or
    /// none.
    /// </summary>
    /// <exception cref="StorageException">The pages are not on the disk. This stream must not be used again.</exception>
    public void Sync()
    {
        var count = _held.FindLastIndex(page => LitePage.IsConfirmed(page)) + 1;
        try
        {
            file.Append(count == _held.Count ? _held : _held[..count]);
        }
        catch (StorageException failure)
        {
            Fault ??= failure;
            throw;
        }

        foreach (var page in _held.Take(Math.Min(count, MostSpare - _spare.Count)))
        {
            _spare.Push(page);
        }

        _held.RemoveRange(0, count);
    }

    /// <summary>Empties the file after LiteDB has emptied this stream. Call it when the data file is on the disk.</summary>
    /// <exception cref="StorageException">The log cannot be written. This stream must not be used again.</exception>
    public void Reset()
    {
        try
        {
            _held.Clear();
            file.Reset();
            IsCleared = false;
        }
        catch (StorageException failure)
        {
            Fault ??= failure;
            throw;
        }
    }

    /// <summary>LiteDB empties the log after it has copied it. The records in the file stay until <see cref="Reset"/>.</summary>
    public override void SetLength(long value)
    {
        if (value == 0)
        {
            IsCleared = true;
        }
        else if (value != Length)
        {
            Fault ??= new IOException($"The log cannot be cut to {value} bytes");
        }
    }

    /// <summary>Does nothing: LiteDB does not call it for the log. See <see cref="Sync"/>.</summary>
    public override void Flush()
    {
    }

    protected override void ReadPage(long position, Span<byte> page)
    {
        var number = position / LitePage.Size;
        if (position >= Length)
        {
            throw new IOException($"The log has no page at {position}");
        }

        if (number >= file.Count)
        {
            _held[(int)number - file.Count].AsSpan(0, LitePage.Size).CopyTo(page);
            return;
        }

        file.Read((int)number, _record);
        _record.AsSpan(0, LitePage.Size).CopyTo(page);
    }

    protected override void WritePage(long position, ReadOnlySpan<byte> page)
    {
        if (IsCleared || position != Length)
        {
            Fault ??= new IOException($"The log ends at {Length}, and cannot be written at {position}");
            return;
        }

        var record = _spare.TryPop(out var spare) ? spare : new byte[LogRecord.Bytes];
        page.CopyTo(record);
        _held.Add(record);
    }
}
