using AllInOne.Core.Jobs.Counting;
using AllInOne.Core.Jobs.Running;
using AllInOne.Core.Storage;
using AllInOne.Core.Values;

namespace AllInOne.Core.Jobs.Storing;

/// <summary>
/// The queues of all jobs: their items are in allinone.db, and <c>/user/jobs/runs</c> executes them. Part of <see cref="JobStore"/>, thread-safe. An
/// item stays until a run of it has succeeded or a client discards it.
/// </summary>
public sealed class JobQueues
{
    /// <summary>The number of dead items that one transaction retries or deletes.</summary>
    private const int SettledAtOnce = 1000;

    private readonly JobFile _file;
    private readonly JobAddresses _addresses;
    private readonly JobCounterTable _counters;
    private readonly JobDefinitions _definitions;
    private readonly JobsOptions _options;

    internal JobQueues(JobFile file, JobAddresses addresses, JobCounterTable counters, JobDefinitions definitions, JobsOptions options) =>
        (_file, _addresses, _counters, _definitions, _options) = (file, addresses, counters, definitions, options);

    /// <summary>
    /// Adds an item to the queue of a job. When the task completes, the item is stored. It stays until a run of it has succeeded or a client discards
    /// it, so it is executed at least once. A paused job accepts items too; they wait.
    /// </summary>
    /// <param name="parameters">JSON; empty for none.</param>
    /// <param name="delay">The minimum delay before the item runs.</param>
    /// <param name="key">A key that is unique among the items of the job, including dead items; null for none.</param>
    /// <exception cref="ArgumentException">The parameters are too large.</exception>
    /// <exception cref="UnavailableException">The queues are full, or the commit was not confirmed in time.</exception>
    public async Task<EnqueueResult> EnqueueAsync(JobId id, ReadOnlyMemory<byte> parameters, TimeSpan delay, string? key, CancellationToken cancel)
    {
        if (parameters.Length > _options.MaxParametersBytes)
        {
            throw new ArgumentException($"The parameters have {parameters.Length} bytes; there may be {_options.MaxParametersBytes}", nameof(parameters));
        }

        _file.ThrowIfAway();
        if (_counters.All.Queued >= _options.MaxQueued || _counters.All.QueuedBytes + parameters.Length > _options.MaxQueuedBytes)
        {
            throw new UnavailableException($"{_counters.All.Queued} items wait in the queues, and no more may (Jobs:MaxQueued, Jobs:MaxQueuedBytes).");
        }

        if (_definitions.Find(id) is null)
        {
            return new EnqueueResult.NoJob();
        }

        var item = new QueueItem(0, id, key, parameters, _file.Now, _file.Steady.Now + delay, 1, null, false);
        return await _file.StoreAsync(new EnqueueItem(item, OnEnqueued), cancel).ConfigureAwait(false) switch
        {
            { Item: { } stored } => new EnqueueResult.Stored(_file.ToWallClock(stored)),
            { Taken: { } existing } => new EnqueueResult.KeyTaken(existing),
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
    public async Task<(IReadOnlyList<QueueItem> Items, long? Next)> ListAsync(
        JobId id, bool dead, long after, int limit, CancellationToken cancel, Func<long, bool>? hold = null)
    {
        var (items, isLast) = await _file.Readers
            .ReadAsync(session => QueueRows.List(session, id, dead, after, limit, hold), cancel).ConfigureAwait(false);
        return isLast ? (items.ConvertAll(_file.ToWallClock), null)
            : items.Count == 0 ? throw AnswerMemory.Full()
            : (items.ConvertAll(_file.ToWallClock), items[^1].Id);
    }

    /// <summary>Retries dead items with all their attempts, or discards them.</summary>
    /// <param name="item">The id of one item; null for all dead items.</param>
    /// <param name="retry">True to retry the items, false to discard them.</param>
    /// <returns>The number of retried or discarded items.</returns>
    /// <exception cref="UnavailableException">The commit was not confirmed in time.</exception>
    public async Task<int> SettleDeadAsync(JobId id, long? item, bool retry, CancellationToken cancel)
    {
        _file.ThrowIfAway();
        // In the order of ids, each once: an item that dies again meanwhile is not retried a second time.
        var (all, after) = (0, 0L);
        while (true)
        {
            var settled = await _file.StoreAsync(new SettleDead(id, item, after, retry, _file.Steady.Now, SettledAtOnce, OnSettled), cancel).ConfigureAwait(false);
            all += settled.Items.Count;
            if (settled.IsLast)
            {
                return all;
            }

            after = settled.Items[^1].Id;
        }
    }

    /// <summary>Counts a run of an item that has ended: the item has left the queue, or is dead, or waits for its next attempt.</summary>
    /// <param name="counters">The counters of its job; those of all jobs if the job was deleted.</param>
    /// <param name="item">The item that the run has executed.</param>
    internal static void CountEnd(JobCounters counters, QueueItem item, RunEnd end)
    {
        if (end.Item is null || end.IsItemDead)
        {
            counters.Dequeue(item);
        }

        if (end.IsItemDead)
        {
            counters.AddDead(1);
        }
    }

    /// <summary>
    /// Discards the oldest dead items beyond the limit; called after the write of the item that has died. One write at a time, because each write reads the
    /// current items.
    /// </summary>
    internal void DiscardBeyond(JobId job, JobCounters counters)
    {
        if (counters.Dead > _options.MaxDead && counters.TryStartDiscard())
        {
            _file.Write(new DiscardDead(job, _options.MaxDead, SettledAtOnce, discarded =>
            {
                counters.FinishDiscard();
                if (discarded is not null)
                {
                    OnSettled(discarded);
                    DiscardBeyond(job, counters);
                }
            }));
        }
    }

    private void OnEnqueued(Enqueued enqueued)
    {
        if (enqueued.Item is { } item)
        {
            _counters.Of(item.Job).Enqueue(item);
            _addresses.Runs.Tell(new RunsActor.Enqueued([item]));
        }
    }

    private void OnSettled(SettledDead settled)
    {
        if (settled.Items is not [var first, ..])
        {
            return;
        }

        var counters = _counters.Of(first.Job);
        counters.AddDead(-settled.Items.Count);
        if (settled.Retried)
        {
            foreach (var item in settled.Items)
            {
                counters.Enqueue(item);
            }

            _addresses.Runs.Tell(new RunsActor.Enqueued(settled.Items));
        }
    }
}
