using AllInOne.Core.Storage;
using AllInOne.Core.Storage.History;

namespace AllInOne.Core.Live;

/// <summary>
/// The event log of the server: everything that changes is told here, gets a sequence number, is kept in memory for a while and
/// stored for long, and is read by anyone from any thread.
/// Owned by the program; <c>/user/live</c> does the work. While a part of it restarts, what is told waits in order; nothing is
/// lost and no number is used twice. Reading needs no actor: only waiting does, and a wait outlives the restart of the actor that
/// keeps it. When history cannot be read, a read that needs it throws.
/// </summary>
public sealed class EventLog
{
    private const int KeptWhileAway = 200_000;

    private readonly EventReader _reader;
    private readonly TimeProvider _clock;

    internal EventLog(LiveOptions options, HistoryStore history, TimeProvider clock)
    {
        _clock = clock;
        var last = history.LastStoredSeq;
        // Never a number twice, also of events that were shown but not committed before the process died.
        Ring = new EventRing(options.RingSize, last, Math.Max(last + 1, EventTime.Microseconds(clock.GetUtcNow())));
        _reader = new EventReader(Ring, history, Log, Encoder, options);
    }

    /// <summary>The sequence number of the last event.</summary>
    public long Head => Ring.Head;

    /// <summary>How many events this run has told.</summary>
    public long Published => Math.Max(0, Ring.Head - Ring.First + 1);

    internal EventRing Ring { get; }

    internal EventEncoder Encoder { get; } = new();

    internal EventSignal Signal { get; } = new();

    /// <summary>Where <c>/user/live/log</c> is told.</summary>
    internal ActorAddress Log { get; } = new(KeptWhileAway, (message, sender) =>
        EventLogActor.Refuse(message, sender, "The event log is away and what waits for it is too much."));

    /// <summary>Where <c>/user/live/subscriptions</c> is told.</summary>
    internal ActorAddress Subscriptions { get; } = new(KeptWhileAway, (message, _) =>
        (message as SubscriptionsActor.Wait)?.Waiter.End(WaitOutcome.Refused));

    /// <summary>Publishes an event that is no entity's. Never waits.</summary>
    /// <param name="data">One JSON value in UTF-8; trusted, and copied.</param>
    /// <param name="receipt">Who is told of the commit.</param>
    public void Publish(string topic, string type, ReadOnlySpan<byte> data, Receipt receipt = default)
    {
        var now = EventTime.Now(_clock);
        Publish(new EventDraft(now, topic, type, Encoder.Encode(now, topic, type, data), 0, null, null, receipt));
    }

    /// <summary>The receipt comes back once all that the caller has published before is committed.</summary>
    public void Barrier(Receipt receipt) => Log.Tell(new EventLogActor.Barrier(receipt));

    /// <summary>
    /// What comes after <c>Since</c>: at once if there is anything that matches, else as soon as there is, else, at the timeout,
    /// nothing.
    /// </summary>
    /// <exception cref="UnavailableException">Too many wait already, or history cannot be read now.</exception>
    /// <exception cref="StorageException">History cannot be read.</exception>
    public async Task<EventPage> ReadAsync(EventQuery query, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1);
        var started = _clock.GetTimestamp();
        var since = query.Since ?? Ring.Head;
        if (_reader.NeedsReset(since))
        {
            return new EventPage([], Ring.Head, Reset: true);
        }

        while (true)
        {
            var page = await _reader.ReadAsync(since, query.Limit, query.Topics, cancel).ConfigureAwait(false);
            var left = query.Timeout - _clock.GetElapsedTime(started);
            if (page.Events.Count > 0 || !Ring.Covers(page.Next) || left <= TimeSpan.Zero)
            {
                return page;
            }

            since = page.Next;
            await WaitAsync(new Waiter(since, query.Topics), left, cancel).ConfigureAwait(false);
        }
    }

    internal void Publish(EventDraft draft) => Log.Tell(draft);

    private async Task WaitAsync(Waiter waiter, TimeSpan left, CancellationToken cancel)
    {
        Subscriptions.Tell(new SubscriptionsActor.Wait(waiter));
        try
        {
            if (await waiter.Ended.WaitAsync(left, _clock, cancel).ConfigureAwait(false) == WaitOutcome.Refused)
            {
                throw new UnavailableException("Too many long polls wait already.");
            }
        }
        catch (TimeoutException)
        {
            // The caller looks a last time.
            Subscriptions.Tell(new SubscriptionsActor.Forget(waiter));
        }
        catch (OperationCanceledException)
        {
            Subscriptions.Tell(new SubscriptionsActor.Forget(waiter));
            throw;
        }
    }
}
