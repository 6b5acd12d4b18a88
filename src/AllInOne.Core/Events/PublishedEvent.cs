namespace AllInOne.Core.Events;

/// <summary>
/// One event of the log: <c>{seq, time, topic, type, data}</c>, serialised once at its creation. Immutable; all connections
/// write the same <see cref="Json"/>.
/// </summary>
public sealed class PublishedEvent
{
    private readonly byte[] _json;
    private readonly int _dataOffset;

    internal PublishedEvent(long seq, DateTimeOffset time, string topic, string type, EncodedEvent encoded)
    {
        (Seq, Time, Topic, Type) = (seq, time, topic, type);
        (_json, _dataOffset) = (encoded.Json, encoded.DataOffset);
    }

    public long Seq { get; }

    public DateTimeOffset Time { get; }

    public string Topic { get; }

    public string Type { get; }

    /// <summary>Whether it is stored in history, or will be soon.</summary>
    internal bool IsStored { get; init; } = true;

    /// <summary>The whole event as UTF-8 JSON.</summary>
    public ReadOnlyMemory<byte> Json => _json;

    /// <summary>The member <c>data</c>: a part of <see cref="Json"/>.</summary>
    public ReadOnlyMemory<byte> Data => _json.AsMemory(_dataOffset, _json.Length - _dataOffset - 1);
}
