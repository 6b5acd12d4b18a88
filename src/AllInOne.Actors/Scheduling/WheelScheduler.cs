using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace AllInOne.Actors;

/// <summary>
/// Akka.NET's scheduler over a <see cref="TimerWheel"/>: about a millisecond late where Akka.NET's own is 8.
/// <c>akka.scheduler.implementation</c>.
/// </summary>
public sealed class WheelScheduler : SchedulerBase, IDateTimeOffsetNowTimeProvider, IDisposable
{
    private readonly TimerWheel _wheel = new();

    /// <summary>Called by Akka.NET.</summary>
    public WheelScheduler(Config scheduler, ILoggingAdapter log)
        : base(scheduler, log) => _wheel.Start();

    /// <inheritdoc/>
    public override TimeSpan MonotonicClock => Stopwatch.GetElapsedTime(0);

    /// <inheritdoc/>
    public override TimeSpan HighResMonotonicClock => MonotonicClock;

    /// <inheritdoc/>
    protected override DateTimeOffset TimeNow => DateTimeOffset.UtcNow;

    /// <summary>By Akka.NET, with the end of the system: no timer fires any more.</summary>
    public void Dispose() => _wheel.Stop();

    /// <inheritdoc/>
    protected override void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Start(delay, Timeout.InfiniteTimeSpan, new TellTimer(receiver, message, sender, Log), cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Start(initialDelay, interval, new TellTimer(receiver, message, sender, Log), cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) =>
        Start(delay, Timeout.InfiniteTimeSpan, new ActionTimer(action, Log), cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable cancelable) =>
        Start(delay, Timeout.InfiniteTimeSpan, new ActionTimer(action.Run, Log), cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable) =>
        Start(initialDelay, interval, new ActionTimer(action, Log), cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable cancelable) =>
        Start(initialDelay, interval, new ActionTimer(action.Run, Log), cancelable);

    private void Start(TimeSpan delay, TimeSpan interval, ScheduledTimer timer, ICancelable? cancelable)
    {
        if (!Worker.IsOnLostThread && cancelable?.IsCancellationRequested != true)
        {
            timer.Start(_wheel, delay, interval, cancelable);
        }
    }

    private abstract class ScheduledTimer
    {
        private ICancelable? _cancelable;
        private ITimer? _timer;

        public void Start(TimerWheel wheel, TimeSpan delay, TimeSpan interval, ICancelable? cancelable)
        {
            _cancelable = cancelable;
            _timer = wheel.CreateTimer(static timer => ((ScheduledTimer)timer!).OnDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            cancelable?.Token.UnsafeRegister(static timer => ((ScheduledTimer)timer!)._timer?.Dispose(), this);
            _timer.Change(delay, interval);
        }

        /// <summary>On the wheel's thread.</summary>
        protected abstract void Fire();

        private void OnDue()
        {
            if (_cancelable?.IsCancellationRequested == true)
            {
                _timer?.Dispose();
            }
            else
            {
                Fire();
            }
        }
    }

    private sealed class TellTimer(ICanTell receiver, object message, IActorRef sender, ILoggingAdapter log) : ScheduledTimer
    {
        protected override void Fire()
        {
            try
            {
                receiver.Tell(message, sender);
            }
#pragma warning disable CA1031 // The wheel's boundary: all timers of the system are on its thread.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                log.Error(failure, "The message of a timer could not be sent");
            }
        }
    }

    /// <summary>Runs its action on the thread pool: the wheel's thread must not wait for it.</summary>
    private sealed class ActionTimer(Action action, ILoggingAdapter log) : ScheduledTimer, IThreadPoolWorkItem
    {
        public void Execute()
        {
            try
            {
                action();
            }
#pragma warning disable CA1031 // The boundary of code that runs on behalf of the application.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                log.Error(failure, "A scheduled action failed");
            }
        }

        protected override void Fire() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
