using System.Buffers;
using System.Buffers.Binary;

namespace AllInOne.Server.Live;

/// <summary>
/// The stream below a WebSocket, between the framework and the connection. It parses the headers of the frames, for two reasons.
/// <para>The framework checks the mask of a frame (RFC 6455, 5.1) when it has six bytes, the shortest header of a masked frame. For a shorter
/// unmasked frame it would wait. This stream adds the missing bytes after an unmasked frame, so that the framework refuses the frame with 1002 at
/// once.</para>
/// <para>If a connection is closed while bytes of the client are unread, it is reset, and the reset can overtake the server's close frame. This
/// stream knows whether the server has sent its close frame. If so, <see cref="DrainAsync"/> reads what the client still sends, and the disposal
/// leaves the connection open until its request ends. Without a close frame, the disposal aborts the request.</para>
/// </summary>
internal sealed class SocketStream(Stream inner, HttpContext context) : Stream
{
    private const int ShortestHeader = 6;
    private const int Masked = 0x80;
    private const int MaskBytes = 4;
    private const int Opcode = 0x0F;
    private const int CloseFrame = 8;
    private const int DrainBytes = 4096;

    // The received part of the current header. After the header, _payload is the number of bytes of the frame that are still missing.
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

    // Whether the whole close frame of the client has arrived. No frame follows it.
    private bool HasClosed => _isClosing && _payload == 0;

    /// <summary>
    /// Reads and discards what the client sends after the server's close frame, until its own close frame or the end of the connection. No other code
    /// reads then.
    /// </summary>
    /// <exception cref="OperationCanceledException">Neither of them came before <paramref name="cancel"/>.</exception>
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
        // The framework writes each frame with one call.
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

    /// <summary>The length of the header without its mask; 2 until the byte with the length has arrived.</summary>
    private int HeaderBytes => _headerBytes < 2 ? 2 : (_header[1] & ~Masked) switch { 126 => 4, 127 => 10, _ => 2 };

    private long PayloadBytes => HeaderBytes switch
    {
        4 => BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(2)),
        // The framework refuses a frame whose length is too large for a number.
        10 => Math.Clamp(BinaryPrimitives.ReadInt64BigEndian(_header.AsSpan(2)), 0, long.MaxValue / 2),
        _ => _header[1] & ~Masked,
    };
}
