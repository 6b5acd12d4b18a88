using System.Diagnostics;

namespace AllInOne.Benchmarks.Actors;

/// <summary>
/// An actor with a tick every 10 ms, by the timers of the runtime, on a fixed grid. A late tick does not move the
/// next one, so a pause of the system costs all ticks within it. The actor records the time of each tick, one entry for each point
/// of the grid.
/// </summary>
internal sealed class Ticker(TimeLine told, long first) : UntypedActor, IWithTimers
{
    public static readonly TimeSpan Every = TimeSpan.FromMilliseconds(10);

    private static readonly long Step = Stopwatch.Frequency / 100;

    private long _due = first;

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Returns the delay of each tick that was due between two moments. A tick that never came counts until the end.</summary>
    public static IEnumerable<long> Lateness(TimeLine told, long first, long begin, long end)
    {
        var times = told.ToList();
        for (var n = 0; first + (n * Step) < end; n++)
        {
            var due = first + (n * Step);
            if (due >= begin)
            {
                yield return (n < times.Count ? Math.Min(times[n], end) : end) - due;
            }
        }
    }

    protected override void PreStart() => Next();

    protected override void OnReceive(object message)
    {
        told.Add(Stopwatch.GetTimestamp());
        _due += Step;
        Next();
    }

    /// <summary>
    /// Timers count whole milliseconds and are never too early. A tick that is already due needs no timer: the timers of Akka.NET fire on a
    /// grid of 10 ms, and would never make up their delay.
    /// </summary>
    private void Next()
    {
        var wait = (_due - Stopwatch.GetTimestamp()) * 1000.0 / Stopwatch.Frequency;
        if (wait > 0)
        {
            Timers.StartSingleTimer("tick", "tick", TimeSpan.FromMilliseconds(Math.Ceiling(wait)));
        }
        else
        {
            Self.Tell("tick", Self);
        }
    }
}
