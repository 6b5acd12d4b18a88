using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Jobs.Running;

/// <summary>The one timer for all retries and delays. It runs by the steady clock.</summary>
/// <param name="ring">Called when the time has come, possibly a little early or on another thread.</param>
internal sealed class RunsAlarm(TimeProvider clock, SteadyClock steady, Action ring)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    /// <summary>A timer takes at most 49 days. For a later time, the alarm rings early and is set again.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    private ITimer? _timer;
    private DateTimeOffset _due = DateTimeOffset.MaxValue;

    /// <summary>Sets the alarm if it is not set for an earlier time already.</summary>
    public void Set(DateTimeOffset? due)
    {
        if (due is not { } time || time >= _due)
        {
            return;
        }

        _due = time;
        _timer?.Dispose();
        _timer = clock.CreateTimer(
            static ring => ((Action)ring!)(), ring, TimeSpan.FromTicks(Math.Clamp((time - steady.Now).Ticks, Shortest.Ticks, Longest.Ticks)), Timeout.InfiniteTimeSpan);
    }

    /// <summary>The alarm has rung: the next one can be set.</summary>
    public void Reset() => _due = DateTimeOffset.MaxValue;

    public void Stop() => _timer?.Dispose();
}
