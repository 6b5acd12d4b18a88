using AllInOne.Core.Events.History;
using AllInOne.Core.Storage;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Events;

/// <summary>
/// The event log of the server: everything that changes is told here, gets a sequence number, is kept in memory for a while and
/// stored for long, and is read by anyone from any thread.
/// Owned by the program; <c>/user/live</c> does the work. While a part of it restarts, what is told waits in order; nothing is
/// lost and no number is used twice. Reading needs no actor: only waiting does, and a wait outlives the restart of the actor that
/// keeps it. When history cannot be read, a read that needs it throws.
/// </summary>
public sealed class EventLog
{
    /// <summary>What topics of events that are kept in the ring alone begin with.</summary>
    internal const string UnstoredTopics = "state/";

    private const int KeptWhileAway = 200_000;

    private readonly EventReader _reader;
    private readonly TimeProvider _clock;
    private long _resets;

    /// <param name="hasUnstored">Whether there are events that are in the ring alone: those of the previous run are lost.</param>
    internal EventLog(EventLogOptions options, HistoryStore history, TimeProvider clock, bool hasUnstored = false)
    {
        _clock = clock;
        var last = history.LastStoredSeq;
        // Never a number twice, also of events that were shown but not committed before the process died.
        var first = Math.Max(last + (hasUnstored ? 2 : 1), Microseconds.From(clock.GetUtcNow()));
        Ring = new EventRing(options.RingSize, last, first, options.RingBytes, hasUnstored);
        _reader = new EventReader(Ring, history, Log, Encoder, options.HistoryScan);
    }

    /// <summary>The sequence number of the last event.</summary>
    public long Head => Ring.Head;

    /// <summary>How many events this run has told.</summary>
    public long Published => Math.Max(0, Ring.Head - Ring.First + 1);

    /// <summary>Cursors that could not be served without a gap, since the start.</summary>
    public long Resets => Interlocked.Read(ref _resets);

    internal EventRing Ring { get; }

    internal EventEncoder Encoder { get; } = new();

    internal EventSignal Signal { get; } = new();

    /// <summary>Where <c>/user/live/log</c> is told.</summary>
    internal ActorAddress Log { get; } = new(KeptWhileAway, (message, sender) =>
        EventLogActor.Refuse(message, sender, "The event log is away and what waits for it is too much."));

    /// <summary>Publishes an event that is no entity's. Never waits.</summary>
    /// <param name="data">One JSON value in UTF-8; trusted, and copied.</param>
    /// <param name="receipt">Who is told of the commit.</param>
    public void Publish(string topic, string type, ReadOnlySpan<byte> data, Receipt receipt = default)
    {
        var now = EventTime.Now(_clock);
        Publish(new EventDraft(now, topic, type, Encoder.Encode(now, topic, type, data), 0, null, null, receipt));
    }

    /// <summary>Publishes an event to those who follow, to the ring alone. Never waits.</summary>
    /// <param name="topic">Begins with <see cref="UnstoredTopics"/>.</param>
    /// <param name="data">One JSON value in UTF-8; trusted, and copied.</param>
    internal void PublishUnstored(string topic, string type, ReadOnlySpan<byte> data)
    {
        var now = EventTime.Now(_clock);
        Publish(new EventDraft(now, topic, type, Encoder.Encode(now, topic, type, data), 0, null, null, default, IsStored: false));
    }

    /// <summary>The receipt comes back once all that the caller has published before is committed.</summary>
    public void Barrier(Receipt receipt) => Log.Tell(new EventLogActor.Barrier(receipt));

    /// <summary>What is there after a cursor, without waiting.</summary>
    internal async ValueTask<EventPage> ReadOnAsync(long since, int limit, TopicFilter topics, CancellationToken cancel)
    {
        if (_reader.NeedsReset(since, topics))
        {
            return Reset();
        }

        var page = await _reader.ReadAsync(since, limit, topics, cancel).ConfigureAwait(false);
        // What it was after may have been deleted for its age while it was read.
        return _reader.NeedsReset(since, topics) ? Reset() : page;
    }

    internal void Publish(EventDraft draft) => Log.Tell(draft);

    internal void CountReset() => Interlocked.Increment(ref _resets);

    private EventPage Reset()
    {
        CountReset();
        return new EventPage([], Ring.Head, Reset: true);
    }
}
