namespace AllInOne.Core.Storage.Sqlite;

/// <summary>
/// Places for queries that run at the same time. A free place goes to the caller who has the fewest queries in the lane, then to the
/// query that waits longest. Any thread.
/// </summary>
/// <param name="places">How many queries run at the same time.</param>
/// <param name="perCaller">How many of them one caller may have.</param>
/// <param name="slice">How long a query may run before it moves to the next lane; null in the last lane.</param>
internal sealed class QueryLane(int places, int perCaller, TimeSpan? slice)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Caller> _callers = new(StringComparer.Ordinal);
    private int _free = places;
    private int _waiting;
    private long _arrivals;

    public int Places { get; } = places;

    public TimeSpan? Slice { get; } = slice;

    /// <summary>Whether any query waits for a place here.</summary>
    public bool IsWanted => Volatile.Read(ref _waiting) > 0;

    /// <summary>Takes a place if one is free for this caller.</summary>
    public bool TryEnter(string caller)
    {
        lock (_gate)
        {
            return TryEnterLocked(caller);
        }
    }

    /// <summary>Waits for a place; false when none came in time.</summary>
    public async Task<bool> EnterAsync(string caller, TimeSpan wait, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        LinkedListNode<Waiter> node;
        lock (_gate)
        {
            if (TryEnterLocked(caller))
            {
                return true;
            }

            node = CallerOf(caller).Waiting.AddLast(new Waiter(_arrivals++));
            _waiting++;
        }

        try
        {
            await node.Value.Entered.Task.WaitAsync(wait, cancel).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return !TryForget(caller, node);
        }
        catch (OperationCanceledException)
        {
            if (!TryForget(caller, node))
            {
                Leave(caller);
            }

            throw;
        }
    }

    /// <summary>Gives the place back.</summary>
    public void Leave(string caller)
    {
        lock (_gate)
        {
            _free++;
            var left = _callers[caller];
            left.Running--;
            ForgetIfIdle(caller, left);
            if (Next() is { } next)
            {
                var waiter = next.Waiting.First!;
                next.Waiting.RemoveFirst();
                _waiting--;
                next.Running++;
                _free--;
                waiter.Value.Entered.SetResult();
            }
        }
    }

    private bool TryEnterLocked(string name)
    {
        if (_free == 0 || (_callers.TryGetValue(name, out var known) && known.Running >= perCaller))
        {
            return false;
        }

        CallerOf(name).Running++;
        _free--;
        return true;
    }

    private Caller? Next()
    {
        Caller? next = null;
        foreach (var caller in _callers.Values)
        {
            if (caller.Waiting.Count > 0 && caller.Running < perCaller && (next is null || caller.Place.CompareTo(next.Place) < 0))
            {
                next = caller;
            }
        }

        return next;
    }

    /// <summary>False when the waiter has received its place already.</summary>
    private bool TryForget(string name, LinkedListNode<Waiter> node)
    {
        lock (_gate)
        {
            if (node.List is null)
            {
                return false;
            }

            var caller = _callers[name];
            caller.Waiting.Remove(node);
            _waiting--;
            ForgetIfIdle(name, caller);
            return true;
        }
    }

    private Caller CallerOf(string name)
    {
        if (!_callers.TryGetValue(name, out var caller))
        {
            _callers.Add(name, caller = new Caller());
        }

        return caller;
    }

    private void ForgetIfIdle(string name, Caller caller)
    {
        if (caller is { Running: 0, Waiting.Count: 0 })
        {
            _callers.Remove(name);
        }
    }

    private sealed class Caller
    {
        public LinkedList<Waiter> Waiting { get; } = [];

        public int Running { get; set; }

        /// <summary>Order among waiting callers: fewest running queries first, then the earliest arrival.</summary>
        public (int Running, long Arrival) Place => (Running, Waiting.First!.Value.Arrival);
    }

    private sealed record Waiter(long Arrival)
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
