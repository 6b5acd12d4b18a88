using AllInOne.Core.Events.History;
using AllInOne.Core.Storage;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values;

namespace AllInOne.Core.Events;

/// <summary>
/// Reads the events after a cursor, without waiting for new ones: from the ring if it contains them, otherwise from
/// history. It finds cursors that cannot be served without a gap. Thread-safe.
/// </summary>
internal sealed class EventReader(EventRing ring, HistoryStore history, ActorAddress log, EventEncoder encoder, int historyScan)
{
    private const int HistoryPage = 1000;

    /// <summary>The size at which a result from history ends.</summary>
    private const int FoundBytes = 256 * 1024;

    private static readonly TimeSpan CommitTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether events after <paramref name="since"/> are missing, or the number is not valid here: it is older than
    /// all kept events, ahead of the head, or an event of the previous process that was shown but never committed. Also true if the reader wants events that were only in
    /// the ring and have left it.
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

        var found = new List<PublishedEvent>();
        var next = since;
        var left = historyScan;
        var (counted, bytes) = (0, 0L);
        while (!ScanRing(ref next, limit, topics, found) && left > 0)
        {
            var (seq, examined) = await ScanHistoryAsync(next, Math.Min(left, HistoryPage), limit, topics, found, cancel).ConfigureAwait(false);
            next = seq;
            left -= Math.Max(1, examined);
            for (; counted < found.Count; counted++)
            {
                bytes += found[counted].Json.Length;
            }

            if (found.Count == limit || bytes >= FoundBytes)
            {
                break;
            }
        }

        return new EventPage(found, next, Reset: false);
    }

    /// <summary>Reads from the ring. Returns false if the ring does not contain <paramref name="next"/> (any more).</summary>
    private bool ScanRing(ref long next, int limit, TopicFilter topics, List<PublishedEvent> found)
    {
        if (!ring.Covers(next))
        {
            return false;
        }

        var head = ring.Head;
        for (var seq = Math.Max(next + 1, ring.First); seq <= head && found.Count < limit; seq++)
        {
            if (ring.Find(seq) is not { } candidate)
            {
                // The ring overwrote the event during the read.
                return false;
            }

            if (topics.Matches(candidate.Topic))
            {
                found.Add(candidate);
            }

            next = seq;
        }

        if (found.Count < limit)
        {
            // Also past the numbers between two processes, if this process has no event yet.
            next = Math.Max(next, head);
        }

        return true;
    }

    private async Task<(long Next, int Examined)> ScanHistoryAsync(
        long next, int page, int limit, TopicFilter topics, List<PublishedEvent> found, CancellationToken cancel)
    {
        var oldest = ring.Oldest;
        var stored = await history.ReadEventsAsync(next, page, cancel).ConfigureAwait(false);
        if (stored.Count == 0)
        {
            // Events have left the ring but are not committed yet, because the writer is slow. Wait for it and read again.
            await WaitForCommitAsync(cancel).ConfigureAwait(false);
            stored = await history.ReadEventsAsync(next, page, cancel).ConfigureAwait(false);
            if (stored.Count == 0)
            {
                // These events were never stored. The rest is in the ring.
                return (Math.Max(next, oldest - 1), 0);
            }
        }

        for (var i = 0; i < stored.Count; i++)
        {
            if (topics.Matches(stored[i].Topic))
            {
                found.Add(Restore(stored[i]));
                if (found.Count == limit)
                {
                    return (stored[i].Seq, i + 1);
                }
            }
        }

        return (stored[^1].Seq, stored.Count);
    }

    private async Task WaitForCommitAsync(CancellationToken cancel)
    {
        var answer = await log.AskAsync(EventLogActor.AskBarrier.Instance, CommitTimeout, cancel).ConfigureAwait(false);
        if (answer is ReceiptFailed failed)
        {
            throw new UnavailableException($"History cannot be read now: {failed.Reason}");
        }
    }

    private PublishedEvent Restore(StoredEvent stored)
    {
        var encoded = encoder.Encode(stored.Time, stored.Topic, stored.Type, stored.Data.Span);
        EventEncoder.SetSeq(encoded.Json, stored.Seq);
        return new PublishedEvent(stored.Seq, stored.Time, stored.Topic, stored.Type, encoded);
    }
}
