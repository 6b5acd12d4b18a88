using AllInOne.Core.State.Commands;

namespace AllInOne.Core.State.Shards;

/// <summary>
/// The commands of one shard that wait for a change of a key: until a list has an element, or until a lock is free. Each key has its own queue, first
/// in, first out. A changed key is marked as ready; the shard takes ready keys one by one and serves the first command of each. Only the shard's
/// actor uses this object, except <see cref="Count"/>.
/// </summary>
/// <param name="limit">The maximum number of waiting commands of all keys: <c>State:MaxWaiters</c>.</param>
internal sealed class WaitList(int limit)
{
    private readonly Dictionary<string, LinkedList<StateCommand>> _keys = new(StringComparer.Ordinal);
    private readonly Queue<string> _ready = new();
    private int _count;

    /// <summary>The number of waiting commands. Any thread may read it.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The keys for which commands wait.</summary>
    public IReadOnlyCollection<string> Keys => _keys.Keys;

    /// <summary>Adds a command behind the other commands of the same key. Returns false if the list is full.</summary>
    public bool Add(string key, StateCommand command)
    {
        if (_count >= limit)
        {
            return false;
        }

        if (!_keys.TryGetValue(key, out var commands))
        {
            _keys.Add(key, commands = []);
        }

        commands.AddLast(command);
        _count++;
        return true;
    }

    /// <summary>Whether a command waits for this key: a new command must then wait behind it.</summary>
    public bool Contains(string key) => _keys.ContainsKey(key);

    /// <summary>Removes a command. Returns false if it does not wait, because it was served before.</summary>
    public bool Remove(string key, StateCommand command)
    {
        if (!_keys.TryGetValue(key, out var commands) || !commands.Remove(command))
        {
            return false;
        }

        _count--;
        if (commands.Count == 0)
        {
            _keys.Remove(key);
        }

        return true;
    }

    /// <summary>Marks a changed key as ready: its first command may be served.</summary>
    public void MarkReady(string key)
    {
        if (_keys.Count > 0)
        {
            _ready.Enqueue(key);
        }
    }

    /// <summary>Marks every key as ready.</summary>
    public void MarkAllReady()
    {
        foreach (var key in _keys.Keys)
        {
            _ready.Enqueue(key);
        }
    }

    /// <summary>Removes the next ready key from the queue. Returns it with the first command that waits for it; null if no key is ready.</summary>
    public (string Key, StateCommand First)? TakeReady()
    {
        while (_ready.TryDequeue(out var key))
        {
            if (_keys.TryGetValue(key, out var commands))
            {
                return (key, commands.First!.Value);
            }
        }

        return null;
    }

    /// <summary>Refuses every command.</summary>
    public void RefuseAll(string reason)
    {
        foreach (var command in _keys.Values.SelectMany(commands => commands))
        {
            command.Refuse(reason);
        }

        _keys.Clear();
        _count = 0;
    }
}
