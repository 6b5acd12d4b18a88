using System.Text;

namespace AllInOne.Core.Jobs.Running;

/// <summary>A ring buffer with the last bytes of the output of a run. Thread-safe.</summary>
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
                // At most two pieces: up to the end of the ring, then from its start.
                var at = (int)(_written % _ring.Length);
                var count = Math.Min(kept.Length, _ring.Length - at);
                kept[..count].CopyTo(_ring.AsSpan(at));
                kept = kept[count..];
                _written += count;
            }
        }
    }

    public void Write(string text) => Write(Encoding.UTF8.GetBytes(text));

    /// <summary>The output as text; null if it is empty. Invalid or cut UTF-8 is replaced, and NUL characters are removed.</summary>
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
