using AllInOne.Core.Events.History;
using AllInOne.Core.Storage;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values;

namespace AllInOne.Core.Events;

/// <summary>
/// Reads the events after a cursor, without waiting for new ones: from the ring if it contains them, otherwise from
/// history. It finds cursors that cannot be served without a gap. Thread-safe.
/// </summary>
internal sealed class EventReader(EventRing ring, HistoryStore history, ActorAddress log, int historyScan)
{
    private const int HistoryPage = 1000;

    /// <summary>The size at which a result from history ends.</summary>
    private const int FoundBytes = 256 * 1024;

    private static readonly TimeSpan CommitTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether events after <paramref name="since"/> are missing, or the number is not valid here: it is older than
    /// all kept events, ahead of the head, or an event of the previous process that was shown but never committed. Also true if the reader wants
    /// events that were only in the ring and have left it.
    /// </summary>
    public bool NeedsReset(long since, TopicFilter topics) => since > ring.Head || (since < history.Floor && !ring.Covers(since)) || ring.IsInHole(since)
        || (since < ring.LastLost && topics.MayMatch(EventLog.UnstoredTopics));

    /// <summary>Reads matching events up to the limit. If <c>Next</c> is below the head, more events may follow.</summary>
    public async ValueTask<EventPage> ReadAsync(long since, int limit, TopicFilter topics, CancellationToken cancel)
    {
        if (since == ring.Head)
        {
            return new EventPage([], since, Reset: false);
        }

        var found = new List<LogEntry>();
        var next = since;
        var (left, bytes) = (historyScan, 0L);
        while (!ScanRing(ref next, limit, topics, found) && left > 0)
        {
            var stored = await ScanHistoryAsync(next, Math.Min(left, HistoryPage), limit - found.Count, topics, cancel).ConfigureAwait(false);
            found.AddRange(stored.Entries);
            next = stored.Last;
            left -= Math.Max(1, stored.Examined);
            bytes += stored.Entries.Sum(entry => (long)entry.Json.Length);
            if (found.Count == limit || bytes >= FoundBytes)
            {
                break;
            }
        }

        return new EventPage(found, next, Reset: false);
    }

    /// <summary>Reads from the ring. Returns false if the ring does not contain the event after <paramref name="next"/> (any more).</summary>
    private bool ScanRing(ref long next, int limit, TopicFilter topics, List<LogEntry> found)
    {
        var head = ring.Head;
        foreach (var entry in ring.After(next))
        {
            if (topics.Matches(entry.Topic))
            {
                found.Add(entry);
            }

            next = entry.Seq;
            if (found.Count == limit)
            {
                return true;
            }
        }

        if (!ring.Covers(next))
        {
            return false;
        }

        // Also past the numbers between two processes, if this process has no event yet.
        next = Math.Max(next, head);
        return true;
    }

    private async Task<StoredEvents> ScanHistoryAsync(long next, int most, int limit, TopicFilter topics, CancellationToken cancel)
    {
        var lastGone = ring.LastGone;
        var stored = await history.ReadEventsAsync(next, most, limit, topics, cancel).ConfigureAwait(false);
        if (stored.Examined > 0)
        {
            return stored;
        }

        // Events have left the ring but are not committed yet, because the writer is slow. Wait for it and read again.
        await WaitForCommitAsync(cancel).ConfigureAwait(false);
        stored = await history.ReadEventsAsync(next, most, limit, topics, cancel).ConfigureAwait(false);
        // If there is none, these events were never stored. The rest is in the ring.
        return stored.Examined > 0 ? stored : stored with { Last = Math.Max(next, lastGone) };
    }

    private async Task WaitForCommitAsync(CancellationToken cancel)
    {
        var answer = await log.AskAsync(EventLogActor.AskBarrier.Instance, CommitTimeout, cancel).ConfigureAwait(false);
        if (answer is ReceiptFailed failed)
        {
            throw new UnavailableException($"History cannot be read now: {failed.Reason}");
        }
    }
}
