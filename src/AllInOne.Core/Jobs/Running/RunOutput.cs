using System.Text;

namespace AllInOne.Core.Jobs.Running;

/// <summary>The end of what a run writes, however much that is. Any thread.</summary>
internal sealed class RunOutput(int most)
{
    private readonly Lock _gate = new();
    private byte[] _ring = [];
    private long _written;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (most == 0 || bytes.IsEmpty)
            {
                return;
            }

            if (_ring.Length < most && _ring.Length - _written < bytes.Length)
            {
                Array.Resize(ref _ring, (int)Math.Min(most, Math.Max(_written + bytes.Length, 2L * _ring.Length)));
            }

            var kept = bytes.Length > most ? bytes[^most..] : bytes;
            _written += bytes.Length - kept.Length;
            foreach (var piece in (ReadOnlySpan<int>)[0, 1])
            {
                // At most two: up to the end of the ring, and on from its beginning.
                var at = (int)(_written % _ring.Length);
                var count = Math.Min(kept.Length, _ring.Length - at);
                kept[..count].CopyTo(_ring.AsSpan(at));
                kept = kept[count..];
                _written += count;
            }
        }
    }

    public void Write(string text) => Write(Encoding.UTF8.GetBytes(text));

    /// <summary>Null for nothing. What is no UTF-8 or cut is replaced, and NUL is left out.</summary>
    public string? Text()
    {
        byte[] bytes;
        bool cut;
        lock (_gate)
        {
            cut = _written > _ring.Length;
            var at = cut ? (int)(_written % _ring.Length) : 0;
            bytes = cut ? [.. _ring.AsSpan(at), .. _ring.AsSpan(0, at)] : _ring[..(int)_written];
        }

        if (bytes.Length == 0)
        {
            return null;
        }

        var start = 0;
        while (cut && start < bytes.Length && (bytes[start] & 0xC0) == 0x80)
        {
            start++;
        }

        return Encoding.UTF8.GetString(bytes.AsSpan(start)).Replace("\0", "", StringComparison.Ordinal);
    }
}
