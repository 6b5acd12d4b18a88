using System.Diagnostics;

namespace AllInOne.Benchmarks.Actors;

/// <summary>
/// Wants to be told every 10 ms, by the timers of the runtime, on a fixed grid: a tick that comes late does not move the
/// next one, so a standstill costs all the ticks that fall into it. It writes down when it was told, one entry for each point
/// of the grid.
/// </summary>
internal sealed class Ticker(TimeLine told, long first) : UntypedActor, IWithTimers
{
    public static readonly TimeSpan Every = TimeSpan.FromMilliseconds(10);

    private static readonly long Step = Stopwatch.Frequency / 100;

    private long _due = first;

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>By how much each tick due between two moments came late, those that never came up to the end.</summary>
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
    /// Timers count whole milliseconds: never too early. What is due already needs none: Akka.NET's come on a grid of 10 ms, and
    /// would never make good what they are late.
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
