using System.Buffers;
using System.Buffers.Binary;

namespace AllInOne.Server.Live;

/// <summary>
/// The stream below a WebSocket, between the framework and the connection. It follows the headers of the frames, for two reasons.
/// <para>The framework looks for a client's mask (RFC 6455, 5.1) only once it has six bytes, a masked frame's shortest header: it waits for more where an
/// unmasked frame is shorter. This stream adds what is missing behind an unmasked frame, so that the framework refuses each such frame with 1002 at once.</para>
/// <para>A connection that is closed while bytes of the client are unread is reset, and the reset can overtake the server's close frame. This stream knows
/// whether the server has sent its close frame: then <see cref="DrainAsync"/> reads what the client still sends, and disposal leaves the connection
/// to the end of its request. Without a close frame, disposal aborts the request.</para>
/// </summary>
internal sealed class SocketStream(Stream inner, HttpContext context) : Stream
{
    private const int ShortestHeader = 6;
    private const int Masked = 0x80;
    private const int MaskBytes = 4;
    private const int Opcode = 0x0F;
    private const int CloseFrame = 8;
    private const int DrainBytes = 4096;

    // The header in hand, as far as it has come; then the bytes of the frame that are still to come.
    private readonly byte[] _header = new byte[10];
    private int _headerBytes;
    private long _payload;
    private int _padding;
    private bool _isClosing;
    private volatile bool _hasSentClose;

    /// <summary>Whether the server has sent its close frame.</summary>
    public bool HasSentClose => _hasSentClose;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    // Whether the last byte of the client's close frame has come. No frame comes after it.
    private bool HasClosed => _isClosing && _payload == 0;

    /// <summary>
    /// After the server's close frame: reads and discards what the client sends, up to its own close frame or the end of the connection. No other code reads any more.
    /// </summary>
    /// <exception cref="OperationCanceledException">The client has done neither before <paramref name="cancel"/>.</exception>
    public async Task DrainAsync(CancellationToken cancel)
    {
        if (!_hasSentClose)
        {
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(DrainBytes);
        try
        {
            while (!HasClosed && await inner.ReadAsync(buffer, cancel) is var read and > 0)
            {
                Follow(buffer.AsSpan(0, read));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_padding > 0)
        {
            var padded = Math.Min(_padding, buffer.Length);
            buffer.Span[..padded].Clear();
            _padding -= padded;
            return padded;
        }

        var read = await inner.ReadAsync(buffer, cancellationToken);
        Follow(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The stream is read asynchronously.");

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // The framework writes each frame at once.
        if (!buffer.IsEmpty && (buffer.Span[0] & Opcode) == CloseFrame)
        {
            _hasSentClose = true;
        }

        return inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("The stream is written asynchronously.");

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_hasSentClose)
        {
            context.Abort();
        }

        base.Dispose(disposing);
    }

    private void Follow(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && !HasClosed)
        {
            if (_payload > 0)
            {
                var passed = (int)Math.Min(_payload, bytes.Length);
                _payload -= passed;
                bytes = bytes[passed..];
                continue;
            }

            _header[_headerBytes++] = bytes[0];
            bytes = bytes[1..];
            var isMasked = (_header[1] & Masked) != 0;
            if (_headerBytes == 2 && !isMasked)
            {
                _padding = ShortestHeader;
            }

            if (_headerBytes == HeaderBytes)
            {
                _isClosing = (_header[0] & Opcode) == CloseFrame;
                _payload = PayloadBytes + (isMasked ? MaskBytes : 0);
                _headerBytes = 0;
            }
        }
    }

    /// <summary>Of the header without its mask; 2 while the length has not come.</summary>
    private int HeaderBytes => _headerBytes < 2 ? 2 : (_header[1] & ~Masked) switch { 126 => 4, 127 => 10, _ => 2 };

    private long PayloadBytes => HeaderBytes switch
    {
        4 => BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(2)),
        // A length beyond the greatest number is none; the framework refuses the frame.
        10 => Math.Clamp(BinaryPrimitives.ReadInt64BigEndian(_header.AsSpan(2)), 0, long.MaxValue / 2),
        _ => _header[1] & ~Masked,
    };
}
