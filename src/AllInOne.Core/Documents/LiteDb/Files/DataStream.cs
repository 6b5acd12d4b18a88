namespace AllInOne.Core.Documents.LiteDb.Files;

/// <summary>
/// The data file as one instance of the engine sees it. A page that cannot be written stays in memory, where reads find it, and is written again with
/// the next flush.
/// </summary>
internal sealed class DataStream(IFileIo file) : PageStream
{
    private readonly SortedDictionary<long, byte[]> _unwritten = [];
    private bool _isSynced = true;

    /// <summary>Whether everything that the engine has written is on the disk.</summary>
    public bool IsSynced => _isSynced && _unwritten.Count == 0;

    public override long Length => Math.Max(file.Length, _unwritten.Count == 0 ? 0 : _unwritten.Last() is var (at, page) ? at + page.Length : 0);

    public override void Flush()
    {
        try
        {
            foreach (var (at, page) in _unwritten)
            {
                file.Write([page], at);
            }

            _unwritten.Clear();
            file.Sync();
            _isSynced = true;
        }
        catch (IOException broken)
        {
            Fault ??= broken;
        }
    }

    public override void SetLength(long value)
    {
        try
        {
            file.SetLength(value);
        }
        catch (IOException broken)
        {
            Fault ??= broken;
        }
    }

    protected override void ReadPage(long at, Span<byte> page)
    {
        if (_unwritten.TryGetValue(at, out var kept))
        {
            kept.CopyTo(page);
        }
        else
        {
            file.Read(page, at);
        }
    }

    protected override void WritePage(long at, byte[] page)
    {
        _isSynced = false;
        try
        {
            file.Write([page], at);
            _unwritten.Remove(at);
        }
        catch (IOException broken)
        {
            Fault ??= broken;
            _unwritten[at] = page;
        }
    }
}
