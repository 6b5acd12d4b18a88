namespace AllInOne.TestKit;

/// <summary>
/// A clock that only moves when a test moves it. The timers fire inside <see cref="Advance"/>, on the caller's thread, in the order of their times,
/// and each sees the clock at its own time. A timer that is due at once fires on the thread pool. docs/decisions/0012 compares it with
/// FakeTimeProvider.
/// </summary>
public sealed class FakeClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly HashSet<FakeTimer> _running = [];
    private readonly List<(int AtLeast, TaskCompletionSource Reached)> _waiting = [];
    private DateTimeOffset _now;
    private TimeSpan _set;

    public FakeClock()
        : this(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    public FakeClock(DateTimeOffset start) => _now = start.ToUniversalTime();

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Timers that are set and have not fired for the last time.</summary>
    public int RunningTimers
    {
        get
        {
            lock (_gate)
            {
                return _running.Count;
            }
        }
    }

    /// <summary>The time without the changes of <see cref="SetWall"/>.</summary>
    private DateTimeOffset Now
    {
        get
        {
            lock (_gate)
            {
                return _now;
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now + _set;
        }
    }

    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return _now.UtcTicks;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock and fires the timers that become due.</summary>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        DateTimeOffset end;
        lock (_gate)
        {
            end = _now + time;
        }

        while (NextDue(end) is { } timer)
        {
            timer.Fire();
        }

        lock (_gate)
        {
            _now = end > _now ? end : _now;
        }
    }

    /// <summary>
    /// Moves the clock from one timer to the next, for code that sets its next timer in an actor: the clock stands still while such a message is
    /// handled.
    /// </summary>
    /// <param name="time">The distance.</param>
    /// <param name="heartbeat">
    /// The clock does not stop for timers that are set for this long. Code that reads the clock, sets a timer and reads the clock again notices when
    /// its time has come in between. It does not notice a smaller step, and its timer is late by this step.
    /// </param>
    /// <param name="settle">Completes when the messages of the fired timers are handled.</param>
    public async Task AdvanceAsync(TimeSpan time, TimeSpan heartbeat, Func<Task> settle)
    {
        var end = Now + time;
        do
        {
            Step(end, heartbeat);
            while (NextDue(Now) is { } timer)
            {
                timer.Fire();
            }

            await settle();
        }
        while (Now < end);
    }

    /// <summary>Sets only the wall clock, forward or back, as an administrator does. Timestamps and timers are not changed.</summary>
    public void SetWall(TimeSpan by)
    {
        lock (_gate)
        {
            _set += by;
        }
    }

    /// <summary>
    /// Completes when at least this many timers are set. A test uses it to wait for the code that sets them, before it moves the clock.
    /// </summary>
    public Task WaitForTimersAsync(int atLeast = 1, TimeSpan? timeout = null)
    {
        lock (_gate)
        {
            if (_running.Count >= atLeast)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((atLeast, reached));
            return reached.Task.WaitAsync(timeout ?? Probes.Patience);
        }
    }

    /// <summary>Moves the clock to the next timer that is no heartbeat, but not beyond this time.</summary>
    private void Step(DateTimeOffset end, TimeSpan heartbeat)
    {
        lock (_gate)
        {
            var next = _running.Where(one => one.SetFor != heartbeat).Select(one => one.Due).Append(end).Min();
            _now = next > _now ? next : _now;
        }
    }

    private FakeTimer? NextDue(DateTimeOffset end)
    {
        lock (_gate)
        {
            var timer = _running.MinBy(one => (one.Due, one.Order));
            if (timer is null || timer.Due > end)
            {
                return null;
            }

            _now = timer.Due > _now ? timer.Due : _now;
            timer.MoveOn();
            return timer;
        }
    }

    private sealed class FakeTimer(FakeClock clock, TimerCallback callback, object? state) : ITimer
    {
        private static long _count;
        private TimeSpan _period;
        private bool _disposed;

        public DateTimeOffset Due { get; private set; }

        /// <summary>The time from its setting until it is due.</summary>
        public TimeSpan SetFor { get; private set; }

        /// <summary>Timers of the same moment fire in the order in which they were set.</summary>
        public long Order { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                if (_disposed)
                {
                    return false;
                }

                _period = period;
                if (dueTime == TimeSpan.Zero)
                {
                    ThreadPool.QueueUserWorkItem(static timer => timer.Fire(), this, preferLocal: false);
                    dueTime = period > TimeSpan.Zero ? period : Timeout.InfiniteTimeSpan;
                }

                if (dueTime == Timeout.InfiniteTimeSpan)
                {
                    clock._running.Remove(this);
                    return true;
                }

                (Due, SetFor) = (clock._now + dueTime, dueTime);
                Order = Interlocked.Increment(ref _count);
                clock._running.Add(this);
                clock._waiting.RemoveAll(one => clock._running.Count >= one.AtLeast && one.Reached.TrySetResult());
                return true;
            }
        }

        /// <summary>Sets the next time, or none. Called under the clock's lock.</summary>
        public void MoveOn()
        {
            if (_period > TimeSpan.Zero)
            {
                Due += _period;
                Order = Interlocked.Increment(ref _count);
            }
            else
            {
                clock._running.Remove(this);
            }
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (clock._gate)
            {
                _disposed = true;
                clock._running.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
