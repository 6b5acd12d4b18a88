namespace AllInOne.Actors;

/// <summary>A signal that wakes one sleeping thread. A call before the sleep is not lost. Several calls count as one.</summary>
internal sealed class WakeSignal
{
    private readonly object _gate = new();
    private bool _called;

    public void Call()
    {
        lock (_gate)
        {
            _called = true;
            Monitor.Pulse(_gate);
        }
    }

    public void Wait() => Wait(Timeout.InfiniteTimeSpan);

    /// <summary>False if no call came within the limit. The limit is exact to about a millisecond.</summary>
    public bool Wait(TimeSpan limit)
    {
        lock (_gate)
        {
            while (!_called)
            {
                if (!Monitor.Wait(_gate, (int)Math.Ceiling(limit.TotalMilliseconds)))
                {
                    return false;
                }
            }

            _called = false;
            return true;
        }
    }
}
