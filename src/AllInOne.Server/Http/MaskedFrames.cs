using System.Buffers.Binary;
using Microsoft.AspNetCore.Http.Features;

namespace AllInOne.Server.Http;

/// <summary>
/// The stream below a WebSocket. The framework looks for a client's mask (RFC 6455, 5.1) only once it has six bytes, a masked frame's shortest header: it
/// waits for more where an unmasked frame is shorter. This stream follows the frame headers and adds what is missing to six bytes behind an unmasked one, so that the framework refuses
/// each such frame with 1002 at once.
/// </summary>
internal sealed class MaskedFrames(Stream inner) : Stream
{
    private const int ShortestHeader = 6;
    private const int Masked = 0x80;

    // The header in hand, as far as it has come; then the bytes of the frame that are still to come.
    private readonly byte[] _header = new byte[10];
    private int _headerBytes;
    private long _payload;
    private bool _isUnmasked;
    private int _padding;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Has the WebSocket of this request read through such a stream.</summary>
    public static void Follow(HttpContext context)
    {
        if (context.Features.Get<IHttpUpgradeFeature>() is { } upgrade)
        {
            context.Features.Set<IHttpUpgradeFeature>(new Upgrade(upgrade));
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
        Look(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The stream is read asynchronously.");

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.WriteAsync(buffer, offset, count, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Look(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && !_isUnmasked)
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
            if (_headerBytes == 2 && (_header[1] & Masked) == 0)
            {
                _isUnmasked = true;
                _padding = ShortestHeader;
            }
            else if (_headerBytes == HeaderBytes)
            {
                const int MaskBytes = 4;
                _payload = MaskBytes + PayloadBytes;
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

    private sealed class Upgrade(IHttpUpgradeFeature inner) : IHttpUpgradeFeature
    {
        public bool IsUpgradableRequest => inner.IsUpgradableRequest;

        public async Task<Stream> UpgradeAsync() => new MaskedFrames(await inner.UpgradeAsync());
    }
}
