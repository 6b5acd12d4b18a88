namespace AllInOne.Core.Documents.LiteDb.Files;

/// <summary>
/// The log as one instance of the engine sees it. Its writes are held in memory until <see cref="Sync"/>. When the engine cuts its log after a
/// checkpoint, the log file stays as it is: the caller resets it when the data file is on the disk.
/// </summary>
internal sealed class LogStream(LogFile file) : PageStream
{
    private readonly List<byte[]> _held = [];
    private bool _isCut;

    public override long Length => (long)(Committed + _held.Count) * LogFile.PageBytes;

    private int Committed => _isCut ? 0 : file.Count;

    /// <summary>Writes the held pages to the disk. After an exception the engine must be thrown away.</summary>
    /// <exception cref="IOException">The disk refuses it.</exception>
    public void Sync()
    {
        file.Append(_held);
        _held.Clear();
    }

    /// <summary>Empties the log file after a checkpoint whose pages are on the disk.</summary>
    /// <exception cref="IOException">The disk refuses it.</exception>
    public void Reset()
    {
        file.Reset();
        _isCut = false;
    }

    public override void SetLength(long value)
    {
        if (value == 0)
        {
            _held.Clear();
            _isCut = true;
        }
        else if (value != Length)
        {
            Fault ??= new IOException($"The log cannot be cut to {value} bytes.");
        }
    }

    public override void Flush()
    {
    }

    protected override void ReadPage(long at, Span<byte> page)
    {
        var index = (int)(at / LogFile.PageBytes);
        if (index < Committed)
        {
            file.Read(index, page);
        }
        else
        {
            _held[index - Committed].CopyTo(page);
        }
    }

    protected override void WritePage(long at, byte[] page)
    {
        if (at != Length || _isCut)
        {
            Fault ??= new IOException($"The log is written at {at} and not at its end.");
        }

        _held.Add(page);
    }
}
