namespace AllInOne.Core.Documents.LiteDb.Files;

/// <summary>
/// A file of pages as LiteDB sees it. LiteDB does not survive an exception during a write, so a write never throws: what fails is kept in
/// <see cref="Fault"/>, and the engine must be thrown away. A read that fails throws, because LiteDB must not see wrong bytes. One thread at a time
/// uses a stream; LiteDB reads and writes whole pages.
/// </summary>
internal abstract class PageStream : Stream
{
    private bool _isClosed;

    /// <summary>The first failure; null if there was none. Until it is null again, nothing that the engine says counts.</summary>
    public Exception? Fault { get; protected set; }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Position { get; set; }

    /// <summary>Detaches the engine from the file: a late write, such as LiteDB's mark for a damaged file, does nothing, and a late read fails.</summary>
    public void Detach() => _isClosed = true;

    public sealed override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <exception cref="IOException">The page cannot be read.</exception>
    public sealed override int Read(Span<byte> buffer)
    {
        if (_isClosed)
        {
            throw new IOException("The engine of this stream was closed");
        }

        try
        {
            if (buffer.Length != LitePage.Size || Position % LitePage.Size != 0)
            {
                throw new IOException($"{buffer.Length} bytes at {Position} are not one page");
            }

            ReadPage(Position, buffer);
            Position += buffer.Length;
            return buffer.Length;
        }
        catch (IOException failure)
        {
            Fault ??= failure;
            throw;
        }
    }

    public sealed override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public sealed override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_isClosed)
        {
            return;
        }

        if (buffer.Length != LitePage.Size || Position % LitePage.Size != 0)
        {
            Fault ??= new IOException($"{buffer.Length} bytes at {Position} are not one page");
            return;
        }

        WritePage(Position, buffer);
        Position += buffer.Length;
    }

    public sealed override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    /// <exception cref="IOException">The page cannot be read.</exception>
    protected abstract void ReadPage(long position, Span<byte> page);

    /// <summary>Does not throw.</summary>
    protected abstract void WritePage(long position, ReadOnlySpan<byte> page);
}
