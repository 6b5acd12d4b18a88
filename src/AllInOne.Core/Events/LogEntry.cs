using System.Buffers.Text;

namespace AllInOne.Core.Events;

/// <summary>
/// One event of the event log, <c>{seq, time, topic, type, data}</c>, serialised once by its sender. The bytes have room for the sequence number, which is
/// set once: by the actor of the event log, or when the entry is read from history. Before that the sender and this actor own the
/// entry. After that it is immutable: the ring, the writer of history and all connections share it and its bytes.
/// </summary>
public sealed class LogEntry
{
    /// <summary>The text of a sequence number that is not set yet: a zero with blanks, which JSON allows.</summary>
    internal static readonly byte[] Unnumbered = [(byte)'0', .. Enumerable.Repeat((byte)' ', SeqWidth - 1)];

    private const int SeqOffset = 7; // after {"seq":
    private const int SeqWidth = 16; // microseconds since 1970 have 16 digits until the year 2286

    private readonly byte[] _json;
    private readonly int _dataOffset;

    /// <param name="json">The whole event, which belongs to the entry from now on.</param>
    /// <param name="dataOffset">The position of the data in it.</param>
    /// <param name="isStored">False if the event is only in the ring, and lost with it.</param>
    internal LogEntry(DateTimeOffset time, string topic, string type, byte[] json, int dataOffset, bool isStored = true)
    {
        (Time, Topic, Type, IsStored) = (time, topic, type, isStored);
        (_json, _dataOffset) = (json, dataOffset);
    }

    /// <summary>The sequence number; 0 until it is set.</summary>
    public long Seq { get; private set; }

    /// <summary>The time, exact to the microsecond.</summary>
    public DateTimeOffset Time { get; }

    public string Topic { get; }

    public string Type { get; }

    /// <summary>The whole event as UTF-8 JSON.</summary>
    public ReadOnlyMemory<byte> Json => _json;

    /// <summary>The member <c>data</c>: a part of <see cref="Json"/>.</summary>
    public ReadOnlyMemory<byte> Data => _json.AsMemory(_dataOffset, _json.Length - _dataOffset - 1);

    /// <summary>Whether it is stored in history, or will be soon.</summary>
    internal bool IsStored { get; }

    /// <summary>Sets the sequence number, once, before the entry is shared.</summary>
    internal LogEntry Number(long seq)
    {
        if (Seq != 0)
        {
            throw new InvalidOperationException($"The event has the sequence number {Seq}; it cannot become {seq}.");
        }

        if (!Utf8Formatter.TryFormat(seq, _json.AsSpan(SeqOffset, SeqWidth), out _))
        {
            throw new InvalidOperationException($"The sequence number {seq} has more than {SeqWidth} digits.");
        }

        Seq = seq;
        return this;
    }
}
