using AllInOne.Core.State.Commands;

namespace AllInOne.Core.State;

/// <summary>
/// Commands that wait for a key to change: for a list to have an element, for a lock to be free. Served in the order in which they came,
/// one after another, as long as there is something for them. Bounded by <c>State:MaxWaiters</c>; one more is refused.
/// </summary>
internal sealed partial class StateShard
{
    private readonly Dictionary<string, LinkedList<StateCommand>> _waitingKeys = new(StringComparer.Ordinal);
    private readonly Queue<string> _ready = new();
    private readonly List<(string Key, TimeSpan After)> _alarms = [];
    private int _waiting;

    /// <summary>Puts a command at the end of those that wait for a key; false when there are too many.</summary>
    public bool Park(string key, StateCommand command)
    {
        if (_waiting >= _rules.Options.MaxWaiters)
        {
            return false;
        }

        if (!_waitingKeys.TryGetValue(key, out var line))
        {
            _waitingKeys.Add(key, line = []);
        }

        line.AddLast(command);
        _waiting++;
        AlarmAt(key);
        return true;
    }

    /// <summary>Whether somebody waits already: whoever comes now comes after him.</summary>
    public bool IsWaitedFor(string key) => _waitingKeys.ContainsKey(key);

    /// <summary>It waits no longer; false when it was served already.</summary>
    public bool Leave(string key, StateCommand command)
    {
        if (!_waitingKeys.TryGetValue(key, out var line) || !line.Remove(command))
        {
            return false;
        }

        _waiting--;
        if (line.Count == 0)
        {
            _waitingKeys.Remove(key);
        }

        return true;
    }

    /// <summary>The keys that are to be looked at again after a time, since the last call.</summary>
    public IReadOnlyList<(string Key, TimeSpan After)> TakeAlarms()
    {
        if (_alarms.Count == 0)
        {
            return [];
        }

        var taken = _alarms.ToArray();
        _alarms.Clear();
        return taken;
    }

    /// <summary>The time has come: what has ended is taken away, and whoever waits for that gets his turn.</summary>
    public void Alarm(string key)
    {
        Present(key);
        ServeWaiting();
        AlarmAt(key);
        StoreDurable();
    }

    private void ServeWaiting()
    {
        while (_ready.TryDequeue(out var key))
        {
            if (!_waitingKeys.TryGetValue(key, out var line) || line.First?.Value is not { } first)
            {
                continue;
            }

            // One at a time is enough: each that is served changes the key, which is then ready once more.
            if (first.HasEnded)
            {
                // The actor has failed in it: it gets nothing any more, and the next one is not to wait for it.
                Leave(key, first);
                _ready.Enqueue(key);
            }
            else if (Begin(first).Serve(this))
            {
                Leave(key, first);
                Finish(first);
                AlarmAt(key);
            }

            End();
        }
    }

    /// <summary>A key that somebody waits for and that has an end is looked at then.</summary>
    private void AlarmAt(string key)
    {
        if (_waitingKeys.ContainsKey(key) && Present(key)?.Item is { ExpiresAt: not StateItem.Never and var end })
        {
            _alarms.Add((key, TimeSpan.FromMicroseconds(Math.Max(0, end - _rules.Now))));
        }
    }

    /// <summary>After a failure: every line is looked at again.</summary>
    private void RecoverWaiting()
    {
        foreach (var key in _waitingKeys.Keys)
        {
            _ready.Enqueue(key);
            AlarmAt(key);
        }
    }

    private void RefuseWaiting(string reason)
    {
        foreach (var command in _waitingKeys.Values.SelectMany(line => line))
        {
            command.Refuse(reason);
        }

        _waitingKeys.Clear();
        _waiting = 0;
    }
}
