using AllInOne.Core.Jobs.Running;
using AllInOne.Core.Jobs.Storing;
using AllInOne.Core.Storage;
using AllInOne.Core.Values;

namespace AllInOne.Core.Jobs;

/// <summary>The part of the facade for the queues of the jobs.</summary>
public sealed partial class JobStore
{
    private const int SettledAtOnce = 1000;

    /// <summary>
    /// Adds an item to the queue of a job. When the task completes, the item is stored. It stays until a run of it has succeeded or a client discards
    /// it, so it is executed at least once. A paused job accepts items too; they wait.
    /// </summary>
    /// <param name="parameters">JSON; empty for none.</param>
    /// <param name="delay">The minimum delay before the item runs.</param>
    /// <param name="key">A key that is unique among the items of the job, including dead items; null for none.</param>
    /// <exception cref="ArgumentException">The parameters are too large.</exception>
    /// <exception cref="UnavailableException">The queues are full, or the commit was not confirmed in time.</exception>
    public async Task<EnqueueResult> EnqueueAsync(string id, ReadOnlyMemory<byte> parameters, TimeSpan delay, string? key, CancellationToken cancel)
    {
        if (parameters.Length > _options.MaxParametersBytes)
        {
            throw new ArgumentException($"The parameters have {parameters.Length} bytes; there may be {_options.MaxParametersBytes}", nameof(parameters));
        }

        ThrowIfAway();
        if (_all.Queued >= _options.MaxQueued || Interlocked.Read(ref _queuedBytes) + parameters.Length > _options.MaxQueuedBytes)
        {
            throw new UnavailableException($"{_all.Queued} items wait in the queues, and no more may (Jobs:MaxQueued, Jobs:MaxQueuedBytes).");
        }

        if (!_jobs.ContainsKey(id))
        {
            return new EnqueueResult.NoJob();
        }

        var now = Now;
        var item = new QueueItem(0, id, key, parameters, now, Steady.Now + delay, 1, null, false);
        return await StoreAsync(new EnqueueItem(item, Enqueued), cancel).ConfigureAwait(false) switch
        {
            { Item: { } stored } => new EnqueueResult.Stored(ToWallClock(stored)),
            { Taken: { } there } => new EnqueueResult.KeyTaken(there),
            _ => new EnqueueResult.NoJob(),
        };
    }

    /// <summary>
    /// A page of a job's items in their order: either waiting and running items, or dead items. It has fewer than <paramref name="limit"/> if they are
    /// large, or if memory is short.
    /// </summary>
    /// <param name="after">The last id of the previous page; 0 for the first page.</param>
    /// <param name="hold">Called before each item is read: whether there is memory for this many more bytes. When null, memory is not limited.</param>
    /// <exception cref="UnavailableException">There is no memory for one item.</exception>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public async Task<(IReadOnlyList<QueueItem> Items, long? Next)> ListItemsAsync(
        string id, bool dead, long after, int limit, CancellationToken cancel, Func<long, bool>? hold = null)
    {
        var (items, isLast) = await _database.Readers
            .ReadAsync(session => QueueRows.List(session, id, dead, after, limit, hold), cancel).ConfigureAwait(false);
        return isLast ? (items.ConvertAll(ToWallClock), null)
            : items.Count == 0 ? throw AnswerMemory.Full()
            : (items.ConvertAll(ToWallClock), items[^1].Id);
    }

    /// <summary>Retries dead items with all their attempts, or discards them.</summary>
    /// <param name="item">The id of one item; null for all dead items.</param>
    /// <param name="retry">True to retry the items, false to discard them.</param>
    /// <returns>The number of retried or discarded items.</returns>
    /// <exception cref="UnavailableException">The commit was not confirmed in time.</exception>
    public async Task<int> SettleDeadAsync(string id, long? item, bool retry, CancellationToken cancel)
    {
        ThrowIfAway();
        // In the order of ids, each once: an item that dies again meanwhile is not retried a second time.
        var (all, after) = (0, 0L);
        while (true)
        {
            var settled = await StoreAsync(new SettleDead(id, item, after, retry, Steady.Now, SettledAtOnce, Settled), cancel).ConfigureAwait(false);
            all += settled.Items.Count;
            if (settled.IsLast)
            {
                return all;
            }

            after = settled.Items[^1].Id;
        }
    }

    /// <summary>Discards the oldest dead items beyond the limit. One write at a time, because each write reads the current items.</summary>
    private void DiscardBeyond(string job, JobCounters counters)
    {
        if (counters.Dead > _options.MaxDead && counters.TryBeginDiscard())
        {
            Write(new DiscardDead(job, _options.MaxDead, SettledAtOnce, discarded =>
            {
                counters.EndDiscard();
                if (discarded is not null)
                {
                    Settled(discarded);
                    DiscardBeyond(job, counters);
                }
            }));
        }
    }

    private QueueItem ToWallClock(QueueItem item) => item with { Due = Steady.ToWall(item.Due) };

    private void Enqueued(Enqueued enqueued)
    {
        if (enqueued.Item is { } item)
        {
            Queued(item);
            Runs.Tell(new RunsActor.Queued([item]));
        }
    }

    private void Settled(SettledDead settled)
    {
        if (settled.Items is not [var first, ..])
        {
            return;
        }

        CountersOf(first.Job).AddDead(-settled.Items.Count);
        if (settled.Retried)
        {
            foreach (var item in settled.Items)
            {
                Queued(item);
            }

            Runs.Tell(new RunsActor.Queued(settled.Items));
        }
    }

    private void Queued(QueueItem item)
    {
        CountersOf(item.Job).AddQueued(1);
        Interlocked.Add(ref _queuedBytes, item.Parameters.Length);
    }
}
