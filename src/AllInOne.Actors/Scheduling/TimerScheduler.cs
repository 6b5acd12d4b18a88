namespace AllInOne.Actors;

/// <summary>
/// Timers of one actor, by key. Starting a key again replaces its timer, and a message of a cancelled timer is never
/// seen, even if it was in the mailbox. All end with the instance.
/// </summary>
public interface ITimerScheduler
{
    /// <summary>Tells this actor <paramref name="msg"/> again and again.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan interval);

    /// <summary>The same with another first delay.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval);

    /// <summary>Tells this actor <paramref name="msg"/> once.</summary>
    void StartSingleTimer(object key, object msg, TimeSpan timeout);

    bool IsTimerActive(object key);

    void Cancel(object key);

    void CancelAll();
}

/// <summary>An actor with timers.</summary>
public interface IWithTimers
{
    /// <summary>Set by the runtime after the constructor has run; not to be assigned.</summary>
    ITimerScheduler Timers { get; set; }
}

/// <summary>What a timer tells: counts only while its generation is the running one.</summary>
internal sealed record TimerMessage(object Key, long Generation, object Message) : IDeadLetterSuppression;

/// <summary>
/// The timers of one instance. The lock is for an instance that was abandoned: its code, or that of a key, may still be in here while
/// another thread ends it all. That one does not wait: whoever is inside sees on leaving that all is over.
/// </summary>
internal sealed class TimerScheduler(ActorCell cell) : ITimerScheduler
{
    private static long _generations;

    private readonly Dictionary<object, RunningTimer> _timers = [];
    private readonly Lock _gate = new();
    private volatile bool _over;

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval) =>
        StartPeriodicTimer(key, msg, interval, interval);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval) =>
        Start(key, msg, message => cell.System.Scheduler.ScheduleTellRepeatedlyCancelable(initialDelay, interval, cell, message, cell), once: false);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout) =>
        Start(key, msg, message => cell.System.Scheduler.ScheduleTellOnceCancelable(timeout, cell, message, cell), once: true);

    public bool IsTimerActive(object key)
    {
        lock (_gate)
        {
            return _timers.ContainsKey(key);
        }
    }

    public void Cancel(object key)
    {
        lock (_gate)
        {
            if (_timers.Remove(key, out var timer))
            {
                timer.Cancelable.Cancel();
            }
        }
    }

    public void CancelAll()
    {
        lock (_gate)
        {
            CancelEach();
        }
    }

    /// <summary>With the instance: there are none from here on.</summary>
    public void End()
    {
        _over = true;
        if (_gate.TryEnter())
        {
            CancelEach();
            _gate.Exit();
        }
    }

    /// <summary>The message to handle; null when the timer has been cancelled or replaced meanwhile.</summary>
    public object? Unwrap(TimerMessage message)
    {
        lock (_gate)
        {
            if (!_timers.TryGetValue(message.Key, out var timer) || timer.Generation != message.Generation)
            {
                return null;
            }

            if (timer.Once)
            {
                _timers.Remove(message.Key);
            }

            return message.Message;
        }
    }

    private void Start(object key, object msg, Func<TimerMessage, ICancelable> schedule, bool once)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(msg);
        lock (_gate)
        {
            if (_over)
            {
                throw new InvalidOperationException("The actor's instance has ended, and its timers with it.");
            }

            Cancel(key);
            var message = new TimerMessage(key, Interlocked.Increment(ref _generations), msg);
            _timers[key] = new RunningTimer(message.Generation, schedule(message), once);
        }

        if (_over)
        {
            End();
        }
    }

    private void CancelEach()
    {
        foreach (var timer in _timers.Values)
        {
            timer.Cancelable.Cancel();
        }

        _timers.Clear();
    }

    private sealed record RunningTimer(long Generation, ICancelable Cancelable, bool Once);
}
