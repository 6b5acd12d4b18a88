using AllInOne.Core.Events;
using AllInOne.Core.State.Commands;
using AllInOne.Core.State.Locks;
using AllInOne.Core.State.Operations;
using AllInOne.Core.State.Shards;
using AllInOne.Core.State.Storing;
using AllInOne.Core.Storage;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.State;

/// <summary>
/// Server-wide keys with JSON values: caches, counters, sessions, queues, locks. Owned by the program, used from any thread. Each key has
/// one writer, the actor of its shard, so an operation is decided without a concurrent writer. A read of one key takes the published value, does
/// not wait and never sees half a change. A change is visible at once and written behind, within <see cref="StateOptions.WriteInterval"/>; a durable one
/// is answered after its commit and survives a loss of power. While a shard restarts its keys stay readable and commands wait; while the
/// state restores itself or is stopped, everything throws <see cref="UnavailableException"/>.
/// </summary>
public sealed partial class StateStore : IRestorable
{
    /// <summary>Beside the rows of keys, those of locks: no key begins with it.</summary>
    internal const string LockPrefix = "lock/";

    /// <summary>More versions than a shard has given when it dies and that are not stored.</summary>
    private const long MostUnwritten = 100_000_000;

    private const int EachAtOnce = 256;

    private const string NotThere = "State is still restoring.";

    private readonly Database _database;
    private readonly StateOptions _options;
    private readonly TimeProvider _clock;
    private readonly StateRules _rules;
    private readonly StateEvents _events;
    private readonly StateWriter _writer;
    private readonly StateMemory _memory;
    private readonly StateShard[] _shards;
    private volatile string? _away = NotThere;

    internal StateStore(Database database, StateOptions options, EventLog events, TimeProvider clock)
    {
        (_database, _options, _clock) = (database, options, clock);
        _rules = new StateRules(options, clock, database.Clock);
        _events = new StateEvents(events, options);
        _writer = new StateWriter(database.Writer.Queue.Enqueue);
        _memory = new StateMemory(options.MaxBytes);
        _shards = [.. Enumerable.Range(0, options.ShardCount).Select(n => new StateShard(n, _rules, _memory, _events, _writer))];
        _memory.Share(_shards);
        Locks = new StateLocks(this);
    }

    public StateOptions Options => _options;

    /// <summary>Locks under keys, beside their values.</summary>
    public StateLocks Locks { get; }

    /// <summary>Each shard at about this moment.</summary>
    public IReadOnlyList<StateFigures> Figures => [.. _shards.Select(shard => shard.Figures)];

    internal IReadOnlyList<StateShard> Shards => _shards;

    public bool IsRestored { get; private set; }

    /// <summary>The restore under way, or the last one.</summary>
    internal StateRestore? Restoring { get; private set; }

    /// <summary>The item of a key at this moment; null when the key does not exist.</summary>
    /// <exception cref="UnavailableException">The state is not there: it restores itself, or is stopped.</exception>
    public StateItem? Find(StateKey key)
    {
        ThrowIfAway();
        return ShardOf(key).Table.Read(key.Value);
    }

    /// <summary>
    /// The items of several keys. Keys that share a tag are read at one moment, by their shard; other keys each at its own moment.
    /// </summary>
    /// <returns>One for each key; null for a key that does not exist.</returns>
    /// <exception cref="UnavailableException">The state is restoring or stopped, or too many commands are pending.</exception>
    public ValueTask<IReadOnlyList<StateItem?>> FindManyAsync(IReadOnlyList<StateKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ThrowIfAway();
        return keys.Count > 1 && keys.All(key => key.Tag.SequenceEqual(keys[0].Tag))
            ? SendAsync(ShardOf(keys[0]), new ReadKeys(keys))
            : ValueTask.FromResult<IReadOnlyList<StateItem?>>([.. keys.Select(Find)]);
    }

    /// <summary>
    /// A page of the keys in their order. It looks at every key there is (about 100 ms for a million), so it is for people and for clearing up.
    /// What changes meanwhile may be as before or as after.
    /// </summary>
    /// <param name="prefix">What they begin with; empty for all.</param>
    /// <param name="after">The last key of the page before; null for the first page.</param>
    /// <returns>The items, and what the next page comes after; null when there is none.</returns>
    /// <exception cref="UnavailableException">The state is not there.</exception>
    public (IReadOnlyList<StateItem> Items, string? Next) List(string prefix, string? after, int limit, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ThrowIfAway();
        return StatePage.Of(_shards.SelectMany(shard => shard.Table.All()), prefix, after, limit, cancel);
    }

    /// <summary>One operation on one key.</summary>
    /// <param name="durable">Answered only when it survives a loss of power.</param>
    /// <exception cref="UnavailableException">Too much waits, or the state is not there, or a durable change is not known to be stored in time.</exception>
    public ValueTask<StateResult> ApplyAsync(StateOperation operation, bool durable = false)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return SendAsync(ShardOf(operation.Key), new ChangeKey(operation, durable));
    }

    /// <summary>Takes an element from a list, or waits for one; who came first is served first. An element is given to one, once.</summary>
    /// <param name="wait">How long; zero: not at all.</param>
    /// <param name="last">From the end, not from the beginning.</param>
    /// <param name="cancel">Waits no longer.</param>
    /// <returns><see cref="StateOutcome.NotFound"/> when there was none.</returns>
    /// <exception cref="UnavailableException">Too many wait, or as for any operation.</exception>
    public Task<StateResult> PopAsync(StateKey key, TimeSpan wait, bool last = false, bool durable = false, CancellationToken cancel = default)
    {
        var pop = StateOperation.Pop(key, last);
        return wait <= TimeSpan.Zero ? ApplyAsync(pop, durable).AsTask() : SendAsync(ShardOf(key), new TakeElement(pop, durable), wait, cancel);
    }

    /// <summary>Puts an element back to where it was popped from, because its receiver has disconnected. Other callers may have popped meanwhile.</summary>
    /// <param name="popped">What <see cref="PopAsync"/> has answered.</param>
    /// <param name="last">As it was popped.</param>
    /// <exception cref="UnavailableException">As for any operation.</exception>
    public ValueTask<StateResult> GiveBackAsync(StateKey key, StateResult popped, bool last = false, bool durable = false)
    {
        return SendAsync(ShardOf(key), new ChangeKey(new GiveBackOperation(key, popped, last), durable));
    }

    /// <summary>
    /// Operations on several keys that share a tag (<c>{tag}</c>), each on another one: all of them or none. Readers see all of them or
    /// none.
    /// </summary>
    /// <returns>
    /// One result for each. When one is not done, none is; the operations that could have been done say <see cref="StateOutcome.ConditionFailed"/>.
    /// </returns>
    /// <exception cref="ArgumentException">They are too many, or two have one key, or they are not of one tag.</exception>
    /// <exception cref="UnavailableException">As for one.</exception>
    public ValueTask<IReadOnlyList<StateResult>> ApplyAsync(IReadOnlyList<StateOperation> operations, bool durable = false)
    {
        ArgumentNullException.ThrowIfNull(operations);
        if (WhyNotTogether([.. operations.Select(operation => operation.Key)]) is { } reason)
        {
            throw new ArgumentException(reason, nameof(operations));
        }

        return SendAsync(ShardOf(operations[0].Key), new ChangeKeys(operations, durable));
    }

    /// <summary>
    /// Many operations at once, each for itself: in their order per key, in no order between keys, and one that is not done keeps none of
    /// the others from being done. Several times as quick as one call for each.
    /// </summary>
    /// <exception cref="UnavailableException">As for one; some of them may be done.</exception>
    public async ValueTask<IReadOnlyList<StateResult>> ApplyEachAsync(IReadOnlyList<StateOperation> operations, bool durable = false)
    {
        ArgumentNullException.ThrowIfNull(operations);
        var results = new StateResult[operations.Count];
        var places = new List<int>?[_shards.Length];
        var parts = new List<Task>(_shards.Length);
        for (var n = 0; n < operations.Count; n++)
        {
            var shard = ShardOf(operations[n].Key);
            ref var piece = ref places[shard.Number];
            (piece ??= new List<int>(Math.Min(EachAtOnce, operations.Count - n))).Add(n);
            if (piece.Count == EachAtOnce)
            {
                // In pieces: the shard has others to serve.
                parts.Add(SendAsync(shard, new ChangeEach(operations, piece, results, durable)).AsTask());
                piece = null;
            }
        }

        foreach (var shard in _shards)
        {
            if (places[shard.Number] is { } rest)
            {
                parts.Add(SendAsync(shard, new ChangeEach(operations, rest, results, durable)).AsTask());
            }
        }

        await Task.WhenAll(parts).ConfigureAwait(false);
        return results;
    }

    /// <summary>Why these keys cannot be changed as one; null when they can.</summary>
    public string? WhyNotTogether(IReadOnlyList<StateKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (keys.Count == 0 || keys.Count > _options.MaxKeysAtOnce)
        {
            return $"there are {keys.Count} keys; it takes 1 to {_options.MaxKeysAtOnce}";
        }

        if (keys.Distinct().Count() != keys.Count)
        {
            return "a key is given twice";
        }

        return keys.FirstOrDefault(key => !key.Tag.SequenceEqual(keys[0].Tag)) is { Value.Length: > 0 } other
            ? $"{Excerpt.Of(keys[0].Value)} and {Excerpt.Of(other.Value)} do not share a {{tag}}"
            : null;
    }

    string IRestorable.Progress => $"restoring: {Restoring?.Rows ?? 0} keys are restored";

    /// <summary>Restores all keys.</summary>
    async Task IRestorable.RestoreAsync()
    {
        foreach (var shard in _shards)
        {
            shard.Clear();
        }

        var restore = Restoring = new StateRestore(_database, Math.Min(Environment.ProcessorCount, 4));
        await restore.RunAsync(BeginLoading, Load, CancellationToken.None).ConfigureAwait(false);
        _writer.BeginAbove(restore.LastRow);
        // Never a version twice, also of changes that were seen but not written before the process died; also when the clock was set back.
        var first = Math.Max(restore.Version + MostUnwritten, Microseconds.From(_clock.GetUtcNow()));
        foreach (var shard in _shards)
        {
            shard.Keys.BeginAbove(first);
        }

        IsRestored = true;
    }

    /// <summary>Reads and commands are served from now on.</summary>
    void IRestorable.Open()
    {
        foreach (var shard in _shards)
        {
            shard.Inbox.Open();
        }

        _away = null;
    }

    /// <summary>Refuses everything from now on, pending and waiting commands too.</summary>
    void IRestorable.Close()
    {
        _away = IsRestored ? "State is stopped." : NotThere;
        foreach (var shard in _shards)
        {
            shard.Close(_away);
        }
    }

    /// <summary>The shard of a key: by its tag, and the same in every process with as many shards.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is no key, but the default.</exception>
    internal StateShard ShardOf(StateKey key)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(key, default);
        return ShardOfStored(key.Value);
    }

    private StateShard ShardOfStored(string key) => _shards[StableHash.Place(StateKey.TagOf(key), _shards.Length)];

    private void BeginLoading(long rows)
    {
        foreach (var shard in _shards)
        {
            shard.Table.BeginLoading((int)Math.Min(rows / _shards.Length, Array.MaxLength));
        }
    }

    private void Load(long row, StateItem item)
    {
        var isLock = item.Key.StartsWith(LockPrefix, StringComparison.Ordinal);
        var shard = ShardOfStored(isLock ? item.Key[LockPrefix.Length..] : item.Key);
        shard.Load(new StateSlot(item.Key, row, !isLock && _events.IsPublished(item.Key)), item);
    }

    /// <summary>The item of an internal key, such as a lock's, in the shard of the key that it belongs to; not counted as a read.</summary>
    internal StateItem? Peek(StateKey of, string key)
    {
        ThrowIfAway();
        return ShardOf(of).Table.Peek(key);
    }

    /// <summary>A command that may wait. When it waits no longer, its shard has the last word: it may just have been served.</summary>
    internal async Task<T> SendAsync<T>(StateShard shard, WaitingCommand<T> command, TimeSpan wait, CancellationToken cancel)
    {
        var answer = command.Answer.AsTask();
        shard.Inbox.Send(command);
        try
        {
            var limit = wait < _options.MaxWait ? wait : _options.MaxWait;
            return await answer.WaitAsync(limit > TimeSpan.Zero ? limit : _options.WriteTimeout, _clock, cancel).ConfigureAwait(false);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            // Also when it has just been served: what it was given must not get lost.
            shard.Inbox.SendAdmitted(new CancelWait(command.Key, command));
            return await StoredAsync(new ValueTask<T>(answer)).ConfigureAwait(false);
        }
    }

    internal ValueTask<T> SendAsync<T>(StateShard shard, StateCommand<T> command)
    {
        var answer = command.Answer;
        shard.Inbox.Send(command);
        return command.IsDurable ? StoredAsync(answer) : answer;
    }

    private async ValueTask<T> StoredAsync<T>(ValueTask<T> answer)
    {
        try
        {
            return await answer.AsTask().WaitAsync(_options.WriteTimeout, _clock).ConfigureAwait(false);
        }
        catch (TimeoutException late)
        {
            throw new UnavailableException($"It is done, but not known to be stored within {_options.WriteTimeout}.{_database.Writer.Status.Health.Because}", late);
        }
    }

    private void ThrowIfAway()
    {
        if (_away is { } reason)
        {
            throw new UnavailableException(reason);
        }
    }
}
