using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace AllInOne.Actors;

/// <summary>
/// Implements Akka.NET's scheduler (<c>akka.scheduler.implementation</c>) with a <see cref="TimerWheel"/>. Its timers are about a millisecond
/// late; those of Akka.NET's own scheduler are about 8 ms late.
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

    /// <summary>If the timers fail, the system must give up.</summary>
    internal void GiveUpWith(WorkScheduler scheduler) => _wheel.Faulted = fault => scheduler.GiveUp(new SchedulerFaultException(fault));

    /// <summary>Called by Akka.NET at the termination of the system. No timer fires after this.</summary>
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
        private CancellationTokenRegistration _cancellation;
        private ITimer? _timer;
        private bool _isOnce;

        public void Start(TimerWheel wheel, TimeSpan delay, TimeSpan interval, ICancelable? cancelable)
        {
            (_cancelable, _isOnce) = (cancelable, interval == Timeout.InfiniteTimeSpan);
            _timer = wheel.CreateTimer(static timer => ((ScheduledTimer)timer!).OnDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _cancellation = cancelable is null ? default : cancelable.Token.UnsafeRegister(static timer => ((ScheduledTimer)timer!)._timer?.Dispose(), this);
            _timer.Change(delay, interval);
        }

        /// <summary>Called on the wheel's thread.</summary>
        protected abstract void Fire();

        private void OnDue()
        {
            if (_cancelable?.IsCancellationRequested == true)
            {
                _timer?.Dispose();
            }
            else
            {
                if (_isOnce)
                {
                    // The source may live as long as its actor, and must not keep every timer that has fired.
                    _cancellation.Unregister();
                }

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
#pragma warning disable CA1031 // The boundary of the wheel: an exception here would stop the thread of all timers.
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
