using System.Buffers;

namespace AllInOne.Core.Feeds.Xml;

/// <summary>The buffer of the bytes that the framer still needs, in one array. It grows by doubling, and is returned to the pool when it is empty.</summary>
internal sealed class XmlFrameBuffer
{
    private byte[] _bytes = [];

    // The position of the first byte of the buffer in the whole stream.
    private long _origin;

    public int End { get; private set; }

    public ReadOnlySpan<byte> From(int position) => _bytes.AsSpan(position, End - position);

    public ReadOnlyMemory<byte> Slice(int position, int length) => _bytes.AsMemory(position, length);

    public long Absolute(int position) => _origin + position;

    /// <summary>Drops the bytes before <paramref name="keep"/>, which becomes position 0, and adds bytes at the end.</summary>
    public void Append(in ReadOnlySequence<byte> bytes, int keep)
    {
        var kept = End - keep;
        var needed = checked(kept + (int)bytes.Length);
        var from = _bytes;
        if (needed > _bytes.Length)
        {
            _bytes = ArrayPool<byte>.Shared.Rent(Math.Max(needed, 2 * kept));
        }

        from.AsSpan(keep, kept).CopyTo(_bytes);
        if (from != _bytes && from.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(from);
        }

        bytes.CopyTo(_bytes.AsSpan(kept));
        _origin += keep;
        End = needed;
    }

    public void Release()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }

        _origin += End;
        End = 0;
    }
}
