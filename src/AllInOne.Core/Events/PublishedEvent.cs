namespace AllInOne.Core.Events;

/// <summary>
/// One event of the log: <c>{seq, time, topic, type, data}</c>, serialised once, when it was made. Immutable; readers of any
/// connection write out <see cref="Json"/> as it is.
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

    /// <summary>Whether history has it, too, or soon will.</summary>
    internal bool IsStored { get; init; } = true;

    /// <summary>The whole event as UTF-8 JSON.</summary>
    public ReadOnlyMemory<byte> Json => _json;

    /// <summary>Its <c>data</c> alone: a part of <see cref="Json"/>.</summary>
    public ReadOnlyMemory<byte> Data => _json.AsMemory(_dataOffset, _json.Length - _dataOffset - 1);
}
