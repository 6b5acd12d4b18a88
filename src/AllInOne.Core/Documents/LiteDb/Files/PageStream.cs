namespace AllInOne.Core.Documents.LiteDb.Files;

/// <summary>
/// A stream for the engine. A write never throws, because an exception of a stream can end the process from a finalizer of the engine. What went
/// wrong is in <see cref="Fault"/>; look at it before an acknowledgement. For one thread at a time.
/// </summary>
internal abstract class PageStream : Stream
{
    /// <summary>The first failure of the disk; null if there was none. After a failure the engine must be thrown away.</summary>
    public Exception? Fault { get; protected set; }

    public sealed override bool CanRead => true;

    public sealed override bool CanSeek => true;

    public sealed override bool CanWrite => true;

    public sealed override long Position { get; set; }

    public sealed override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    public sealed override int Read(byte[] buffer, int offset, int count)
    {
        try
        {
            ReadPage(Position, buffer.AsSpan(offset, count));
        }
        catch (IOException broken)
        {
            Fault ??= broken;
            throw;
        }

        Position += count;
        return count;
    }

    public sealed override void Write(byte[] buffer, int offset, int count)
    {
        WritePage(Position, buffer.AsSpan(offset, count).ToArray());
        Position += count;
    }

    protected abstract void ReadPage(long at, Span<byte> page);

    protected abstract void WritePage(long at, byte[] page);
}
