namespace AllInOne.Actors;

/// <summary>The scheduler of a system, over the timers of its <see cref="TimeProvider"/>; ends with the system.</summary>
internal sealed class TimerBasedScheduler(TimeProvider time, Action<Exception> failed, CancellationToken ends) : IScheduler, IAdvancedScheduler
{
    public DateTimeOffset Now => time.GetUtcNow();

    public IAdvancedScheduler Advanced => this;

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender) =>
        Run(delay, null, () => receiver.Tell(message, sender), null);

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable cancelable) =>
        Run(delay, null, () => receiver.Tell(message, sender), cancelable);

    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender) =>
        Run(initialDelay, interval, () => receiver.Tell(message, sender), null);

    public void ScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender, ICancelable cancelable) =>
        Run(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    public void ScheduleOnce(TimeSpan delay, Action action) => Run(delay, null, action, null, onPool: true);

    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) => Run(delay, null, action, cancelable, onPool: true);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) =>
        Run(initialDelay, interval, action, null, onPool: true);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable) =>
        Run(initialDelay, interval, action, cancelable, onPool: true);

    /// <param name="onPool">The action may take its time: it is not run where the other timers wait for it.</param>
    private void Run(TimeSpan delay, TimeSpan? interval, Action action, ICancelable? cancelable, bool onPool = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        if (interval is { } every)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(every, TimeSpan.Zero, nameof(interval));
        }

        if (!Worker.IsOnLostThread)
        {
            new ScheduledWork(action, failed, cancelable, onPool, ends).Start(time, delay, interval);
        }
    }

    /// <summary>One timer and its end: after it has fired, when it is called off, or with the system.</summary>
    private sealed class ScheduledWork(
        Action action, Action<Exception> failed, ICancelable? cancelable, bool onPool, CancellationToken ends) : IThreadPoolWorkItem
    {
        private readonly Lock _gate = new();
        private ITimer? _timer;
        private CancellationTokenRegistration _callOff;
        private bool _over;
        private bool _once;

        public void Start(TimeProvider time, TimeSpan delay, TimeSpan? interval)
        {
            _once = interval is null;
            var timer = time.CreateTimer(
                static self => ((ScheduledWork)self!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            var callOff = cancelable?.Token.UnsafeRegister(static self => ((ScheduledWork)self!).End(), this) ?? default;
            lock (_gate)
            {
                _timer = timer;
                _callOff = callOff;
                if (!_over)
                {
                    timer.Change(delay, interval ?? Timeout.InfiniteTimeSpan);
                    return;
                }
            }

            timer.Dispose();
        }

        private void Fire()
        {
            if (_once || ends.IsCancellationRequested)
            {
                End();
            }

            if (onPool)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }
            else
            {
                Execute();
            }
        }

        public void Execute()
        {
            if (cancelable?.IsCancellationRequested == true || ends.IsCancellationRequested)
            {
                return;
            }

            try
            {
                action();
            }
#pragma warning disable CA1031 // On a timer's thread a failure would end the process.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failed(exception);
            }
        }

        private void End()
        {
            lock (_gate)
            {
                _over = true;
                _timer?.Dispose();
                _callOff.Unregister();
            }
        }
    }
}
