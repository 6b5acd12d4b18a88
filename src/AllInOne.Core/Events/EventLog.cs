using AllInOne.Core.Events.History;
using AllInOne.Core.Storage;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Events;

/// <summary>
/// The event log of the server. All changes are published here. Each event gets a sequence number, stays in memory for a while and
/// is stored in history. Thread-safe.
/// Owned by the program; <c>/user/live</c> does the work. While a part of it restarts, published events wait in order: none is
/// lost, and no number is used twice. A read needs no actor; only a wait for events needs one, and the wait survives a restart of this
/// actor. When history cannot be read, a read that needs it throws.
/// </summary>
public sealed class EventLog
{
    /// <summary>The prefix of the topics whose events are only in the ring.</summary>
    internal const string UnstoredTopics = "state/";

    private readonly HistoryStore _history;
    private readonly EventReader _reader;
    private readonly TimeProvider _clock;
    private long _resets;

    /// <param name="hasUnstored">Whether some events are only in the ring. Such events of the previous process are lost.</param>
    internal EventLog(EventLogOptions options, HistoryStore history, TimeProvider clock, bool hasUnstored = false)
    {
        (_history, _clock) = (history, clock);
        var last = history.LastStoredSeq;
        // A number is never used twice, even if its event was shown but not committed before the process died.
        var first = Math.Max(last + (hasUnstored ? 2 : 1), Microseconds.From(clock.GetUtcNow()));
        Ring = new EventRing(options.RingSize, last, first, options.RingBytes, hasUnstored);
        _reader = new EventReader(Ring, history, Log, options.HistoryScan);
    }

    /// <summary>The sequence number of the last event.</summary>
    public long Head => Ring.Head;

    /// <summary>The number of events that this process has published.</summary>
    public long Published => Ring.Added;

    /// <summary>The number of cursors since the start that could not be served without a gap.</summary>
    public long Resets => Interlocked.Read(ref _resets);

    internal EventRing Ring { get; }

    internal EventEncoder Encoder { get; } = new();

    internal EventSignal Signal { get; } = new();

    /// <summary>The address of <c>/user/live/log</c>.</summary>
    internal ActorAddress Log { get; } = new("/user/live/log", ActorAddress.UsualCapacity);

    /// <summary>Publishes an event that does not belong to an entity. Never waits.</summary>
    /// <param name="data">One JSON value in UTF-8; trusted, and copied.</param>
    /// <param name="receipt">The receipt that is answered after the commit.</param>
    public void Publish(string topic, string type, ReadOnlySpan<byte> data, Receipt receipt = default)
    {
        var now = EventTime.Now(_clock);
        Publish(Encoder.Encode(now, topic, type, data), null, receipt);
    }

    /// <summary>Publishes an event that is only in the ring and not stored. Never waits.</summary>
    /// <param name="topic">Begins with <see cref="UnstoredTopics"/>.</param>
    /// <param name="data">One JSON value in UTF-8; trusted, and copied.</param>
    internal void PublishUnstored(string topic, string type, ReadOnlySpan<byte> data)
    {
        var now = EventTime.Now(_clock);
        Log.Tell(Encoder.Encode(now, topic, type, data, isStored: false));
    }

    /// <summary>Sends a barrier: its receipt is answered when all earlier events of the caller are committed.</summary>
    public void Barrier(Receipt receipt) => Log.Tell(new EventLogActor.Barrier(receipt));

    /// <summary>Reads the events after a cursor, without waiting for new ones.</summary>
    internal async ValueTask<EventPage> ReadOnAsync(long since, int limit, TopicFilter topics, CancellationToken cancel)
    {
        if (_reader.NeedsReset(since, topics))
        {
            return Reset();
        }

        var page = await _reader.ReadAsync(since, limit, topics, cancel).ConfigureAwait(false);
        // Retention may have deleted events after the cursor during the read.
        return _reader.NeedsReset(since, topics) ? Reset() : page;
    }

    /// <summary>Publishes an encoded event, which belongs to the event log from now on. Never waits.</summary>
    /// <param name="row">The snapshot that is stored in the same transaction; null if the event does not belong to an entity.</param>
    /// <param name="receipt">The receipt that is answered after the commit.</param>
    internal void Publish(LogEntry entry, EntityRow? row, Receipt receipt) =>
        Log.Tell(new AppendEvent(entry, row, receipt, _history.NoteRefused));

    internal void CountReset() => Interlocked.Increment(ref _resets);

    private EventPage Reset()
    {
        CountReset();
        return new EventPage([], Ring.Head, Reset: true);
    }
}
