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
/// Server-wide keys with JSON values: caches, counters, sessions, queues, locks. Owned by the program, thread-safe. Each key has one writer, the
/// actor of its shard, so an operation is decided without a concurrent writer. A read of one key takes the published value; it does not wait and
/// never sees half a change. A change is visible at once and is written behind, within <see cref="StateOptions.WriteInterval"/>; a durable change is
/// answered after its commit and survives a loss of power. While a shard restarts, its keys stay readable and commands wait. While the state is
/// restoring or stopped, everything throws <see cref="UnavailableException"/>.
/// </summary>
public sealed partial class StateStore : IRestorable
{
    /// <summary>The prefix of the rows of locks. No key begins with it.</summary>
    internal const string LockPrefix = "lock/";

    /// <summary>A number greater than the number of versions that a shard has assigned but not stored when the process dies.</summary>
    private const long MostUnwritten = 100_000_000;

    private const int EachAtOnce = 256;

    private const string StillRestoring = "State is still restoring.";

    private readonly Database _database;
    private readonly StateOptions _options;
    private readonly TimeProvider _clock;
    private readonly StateRules _rules;
    private readonly StateEvents _events;
    private readonly StateWriter _writer;
    private readonly StateMemory _memory;
    private readonly StateShard[] _shards;
    private volatile string? _unavailable = StillRestoring;

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

    /// <summary>The locks under keys, stored beside the values.</summary>
    public StateLocks Locks { get; }

    /// <summary>The figures of each shard at about this moment.</summary>
    public IReadOnlyList<StateFigures> Figures => [.. _shards.Select(shard => shard.Figures)];

    internal IReadOnlyList<StateShard> Shards => _shards;

    public bool IsRestored { get; private set; }

    /// <summary>The active or the last restore; null before the first.</summary>
    internal StateRestore? Restoring { get; private set; }

    /// <summary>The item of a key at this moment; null if the key does not exist.</summary>
    /// <exception cref="UnavailableException">The state is restoring or stopped.</exception>
    public StateItem? Find(StateKey key)
    {
        ThrowIfUnavailable();
        return ShardOf(key).Table.Read(key.Value);
    }

    /// <summary>
    /// The items of several keys. If the keys share a tag, their shard reads all of them at one moment; otherwise each is read at its own moment.
    /// </summary>
    /// <returns>One for each key; null for a key that does not exist.</returns>
    /// <exception cref="UnavailableException">The state is restoring or stopped, or too many commands are pending.</exception>
    public ValueTask<IReadOnlyList<StateItem?>> FindManyAsync(IReadOnlyList<StateKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ThrowIfUnavailable();
        return keys.Count > 1 && keys.All(key => key.Tag.SequenceEqual(keys[0].Tag))
            ? SendAsync(ShardOf(keys[0]), new ReadKeys(keys))
            : ValueTask.FromResult<IReadOnlyList<StateItem?>>([.. keys.Select(Find)]);
    }

    /// <summary>
    /// A page of the keys in their order. It reads every key (about 100 ms for a million), so it is for people and for cleaning up. It may or may not
    /// contain changes that happen during the call.
    /// </summary>
    /// <param name="prefix">Only keys that begin with this text; empty for all keys.</param>
    /// <param name="after">The last key of the previous page; null for the first page.</param>
    /// <returns>The items, and the <paramref name="after"/> of the next page; null on the last page.</returns>
    /// <exception cref="UnavailableException">The state is restoring or stopped.</exception>
    public (IReadOnlyList<StateItem> Items, string? Next) List(string prefix, string? after, int limit, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ThrowIfUnavailable();
        return StatePage.Of(_shards.SelectMany(shard => shard.Table.All()), prefix, after, limit, cancel);
    }

    /// <summary>Applies one operation to one key.</summary>
    /// <param name="durable">True: the answer comes only when the change survives a loss of power.</param>
    /// <exception cref="UnavailableException">
    /// Too many commands are pending, the state is restoring or stopped, or the commit of a durable change was not confirmed in time.
    /// </exception>
    public ValueTask<StateResult> ApplyAsync(StateOperation operation, bool durable = false)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return SendAsync(ShardOf(operation.Key), new ChangeKey(operation, durable));
    }

    /// <summary>
    /// Takes an element from a list, or waits for one. Callers are served in the order of their calls, and each element goes to one caller.
    /// </summary>
    /// <param name="wait">How long to wait; zero: not at all.</param>
    /// <param name="last">True to take the last element, false to take the first one.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns><see cref="StateOutcome.NotFound"/> if the list had no element in time.</returns>
    /// <exception cref="UnavailableException">Too many callers wait, or as for one operation.</exception>
    public Task<StateResult> PopAsync(StateKey key, TimeSpan wait, bool last = false, bool durable = false, CancellationToken cancel = default)
    {
        var pop = StateOperation.Pop(key, last);
        return wait <= TimeSpan.Zero ? ApplyAsync(pop, durable).AsTask() : SendAsync(ShardOf(key), new TakeElement(pop, durable), wait, cancel);
    }

    /// <summary>
    /// Puts an element back to the end of the list from which it was popped, because its receiver has disconnected. Other callers may have popped
    /// elements in between.
    /// </summary>
    /// <param name="popped">The answer of <see cref="PopAsync"/>.</param>
    /// <param name="last">The same value as for <see cref="PopAsync"/>.</param>
    /// <exception cref="UnavailableException">As for one operation.</exception>
    public ValueTask<StateResult> GiveBackAsync(StateKey key, StateResult popped, bool last = false, bool durable = false)
    {
        return SendAsync(ShardOf(key), new ChangeKey(new GiveBackOperation(key, popped, last), durable));
    }

    /// <summary>
    /// Applies operations to several keys that share a tag (<c>{tag}</c>), at most one operation to each key: all of them or none. Readers also see
    /// all of the changes or none.
    /// </summary>
    /// <returns>
    /// One result for each operation. If one operation cannot be done, none is done; the operations that could have been done have the outcome
    /// <see cref="StateOutcome.ConditionFailed"/>.
    /// </returns>
    /// <exception cref="ArgumentException">There are too many operations, two have the same key, or the keys do not share a tag.</exception>
    /// <exception cref="UnavailableException">As for one operation.</exception>
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
    /// Applies many independent operations. Operations on the same key run in their order; operations on different keys run in any order. An
    /// operation that is not done does not affect the others. This is several times as fast as one call for each operation.
    /// </summary>
    /// <exception cref="UnavailableException">As for one operation; some of the operations may be done.</exception>
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
                // In pieces, because the shard has other commands to run.
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

    /// <summary>The reason why these keys cannot be changed together; null if they can.</summary>
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
        // No version may be used twice: not for changes that readers saw but that were not written before the process died, and not after the clock
        // was set back.
        var first = Math.Max(restore.Version + MostUnwritten, Microseconds.From(_clock.GetUtcNow()));
        foreach (var shard in _shards)
        {
            shard.Keys.BeginAbove(first);
        }

        IsRestored = true;
    }

    /// <summary>Starts to serve reads and commands.</summary>
    void IRestorable.Open()
    {
        foreach (var shard in _shards)
        {
            shard.Inbox.Open();
        }

        _unavailable = null;
    }

    /// <summary>Refuses everything from now on, including pending and waiting commands.</summary>
    void IRestorable.Close()
    {
        _unavailable = IsRestored ? "State is stopped." : StillRestoring;
        foreach (var shard in _shards)
        {
            shard.Close(_unavailable);
        }
    }

    /// <summary>The shard of a key, chosen by the key's tag. It is the same in every process with the same number of shards.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The key is <c>default</c>.</exception>
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

    /// <summary>The item of an internal key, such as a lock, in the shard of the key that it belongs to. The read is not counted.</summary>
    internal StateItem? Peek(StateKey of, string key)
    {
        ThrowIfUnavailable();
        return ShardOf(of).Table.Peek(key);
    }

    /// <summary>
    /// Sends a command that may wait. When the wait ends, the shard decides the result, because it may have served the command at the same moment.
    /// </summary>
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
            // Ask the shard even if it has just served the command: an element or a lock that it has given must not get lost.
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

    private void ThrowIfUnavailable()
    {
        if (_unavailable is { } reason)
        {
            throw new UnavailableException(reason);
        }
    }
}
