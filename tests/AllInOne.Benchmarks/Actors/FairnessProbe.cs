using System.Diagnostics;
using System.Globalization;

namespace AllInOne.Benchmarks.Actors;

/// <summary>One case of <see cref="Fairness"/>: <c>spin|block count seconds</c>. Its loops never end, so its process is killed.</summary>
internal static class FairnessProbe
{
    public const string Spin = "spin";
    public const string Block = "block";

    private const int Workers = 10_000;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    public static IEnumerable<Reading> Measure(string[] arguments)
    {
        var (kind, count, time) = (arguments[0], int.Parse(arguments[1], CultureInfo.InvariantCulture), TimeSpan.FromSeconds(int.Parse(arguments[2], CultureInfo.InvariantCulture)));
        var jobs = new TimeLine((int)(2 * Workers * (Settling + time).TotalSeconds));
        var ticks = new TimeLine((int)(2 * (Settling + time) / Ticker.Every));
        var system = BenchSystem.Create();
        for (var worker = 0; worker < Workers; worker++)
        {
            var first = TimeSpan.FromMilliseconds(1 + (1000.0 * worker / Workers));
            system.ActorOf(Props.Create(() => new LightActor(jobs, first)));
        }

        var firstTick = Stopwatch.GetTimestamp();
        system.ActorOf(Props.Create(() => new Ticker(ticks, firstTick)));
        var stuck = Enumerable.Range(0, count).Select(_ => system.ActorOf(Props.Create(() => new Stuck()))).ToList();

        Thread.Sleep(Settling);
        var begin = Stopwatch.GetTimestamp();
        stuck.ForEach(actor => actor.Tell(kind, ActorRefs.NoSender));
        Thread.Sleep(time);
        var end = begin + (long)(time.TotalSeconds * Stopwatch.Frequency);

        yield return new("jobs", jobs.Between(begin, end).Count / time.TotalSeconds);
        yield return new("standstill", Milliseconds(jobs.LongestGap(begin, end)));
        var late = Ticker.Lateness(ticks, firstTick, begin, end).Select(Milliseconds).Order().ToList();
        yield return new("p50", Statistics.Percentile(late, 50));
        yield return new("p99", Statistics.Percentile(late, 99));
        yield return new("worst", late[^1]);
    }

    private static double Milliseconds(long ticks) => ticks * 1000.0 / Stopwatch.Frequency;

    /// <summary>Records the time of each completed job.</summary>
    private sealed class LightActor(TimeLine jobs, TimeSpan first) : UntypedActor, IWithTimers
    {
        private long _sum;

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart() => Timers.StartPeriodicTimer("job", "job", first, TimeSpan.FromSeconds(1));

        protected override void OnReceive(object message)
        {
            for (var n = 0; n < 1_000; n++)
            {
                _sum += n;
            }

            jobs.Add(Stopwatch.GetTimestamp());
        }
    }

    /// <summary>Never completes a message, and observes no token.</summary>
    private sealed class Stuck : UntypedActor
    {
        private long _spins;

        protected override void OnReceive(object message)
        {
            if ((string)message == Block)
            {
                Thread.Sleep(Timeout.Infinite);
            }

            while (true)
            {
                _spins++;
            }
        }
    }
}
