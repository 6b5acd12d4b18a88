using System.Diagnostics;

namespace AllInOne.Benchmarks.Harness;

/// <summary>The rate of an operation. Other work on the machine hardly changes the second figure.</summary>
/// <param name="PerSecond">By the wall clock.</param>
/// <param name="PerCpuSecond">By the processor time of all threads of this process.</param>
internal readonly record struct Throughput(double PerSecond, double PerCpuSecond)
{
    private const string Rate = "rate";
    private const string RateOfCpu = "rate-cpu";

    /// <summary>Measures the growth of the sum of some tallies after a warm-up.</summary>
    public static Throughput Of(IReadOnlyCollection<Tally> tallies, TimeSpan warmUp, TimeSpan time)
    {
        Thread.Sleep(warmUp);
        var (before, cpu, start) = (Sum(tallies), Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        Thread.Sleep(time);
        var (after, cpuAfter, end) = (Sum(tallies), Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        var counted = after - before;
        return new(counted / Stopwatch.GetElapsedTime(start, end).TotalSeconds, counted / (cpuAfter - cpu).TotalSeconds);
    }

    /// <summary>Adds both rows of a contest whose probes have returned <see cref="Readings"/>.</summary>
    public static void AddRows(Session session, string metric, Outcome outcome, Budget budget)
    {
        session.Add($"{metric}/s", outcome[Rate], budget);
        session.Add($"{metric} a second of processor time", outcome[RateOfCpu]);
    }

    public Throughput Times(double factor) => new(factor * PerSecond, factor * PerCpuSecond);

    public IEnumerable<Reading> Readings() => [new(Rate, PerSecond), new(RateOfCpu, PerCpuSecond)];

    private static long Sum(IReadOnlyCollection<Tally> tallies) => tallies.Sum(tally => tally.Read());
}
