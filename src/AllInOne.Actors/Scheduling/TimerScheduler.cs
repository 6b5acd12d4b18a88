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

internal sealed class TimerScheduler(ActorCell cell) : ITimerScheduler
{
    private readonly Dictionary<object, RunningTimer> _timers = [];
    private static long _generations;

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval) =>
        StartPeriodicTimer(key, msg, interval, interval);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval)
    {
        var message = Replace(key, msg);
        var cancelable = cell.System.Scheduler.ScheduleTellRepeatedlyCancelable(initialDelay, interval, cell, message, cell);
        _timers[key] = new RunningTimer(message.Generation, cancelable, false);
    }

    public void StartSingleTimer(object key, object msg, TimeSpan timeout)
    {
        var message = Replace(key, msg);
        var cancelable = cell.System.Scheduler.ScheduleTellOnceCancelable(timeout, cell, message, cell);
        _timers[key] = new RunningTimer(message.Generation, cancelable, true);
    }

    public bool IsTimerActive(object key) => _timers.ContainsKey(key);

    public void Cancel(object key)
    {
        if (_timers.Remove(key, out var timer))
        {
            timer.Cancelable.Cancel();
        }
    }

    public void CancelAll()
    {
        foreach (var timer in _timers.Values)
        {
            timer.Cancelable.Cancel();
        }

        _timers.Clear();
    }

    /// <summary>The message to handle; null when the timer has been cancelled or replaced meanwhile.</summary>
    public object? Unwrap(TimerMessage message)
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

    private TimerMessage Replace(object key, object message)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(message);
        if (Worker.IsOnLostThread)
        {
            throw new InvalidOperationException("The actor that runs here was abandoned: it has no timers any more.");
        }

        Cancel(key);
        return new TimerMessage(key, Interlocked.Increment(ref _generations), message);
    }

    private sealed record RunningTimer(long Generation, ICancelable Cancelable, bool Once);
}
