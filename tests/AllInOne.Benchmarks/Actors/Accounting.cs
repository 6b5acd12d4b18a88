namespace AllInOne.Benchmarks.Actors;

/// <summary>
/// The cost of exact accounting and tracing while no client inspects: the throughput of a system with both, beside a system without
/// them. Short runs alternate within one process, because the difference is smaller than the difference between two processes. The
/// processor time is compared, because other work on the machine hardly changes it.
/// </summary>
internal static class Accounting
{
    private const int Runs = 10;
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Time = TimeSpan.FromMilliseconds(500);

    public static void Run(Session session)
    {
        Compare(session, "ping-pong, 1 pair", "pingpong");
        Compare(session, "2 producers flood 1 actor", "flood");
    }

    /// <summary>The argument is <c>pingpong</c> or <c>flood</c>.</summary>
    public static IEnumerable<Reading> Probe(string[] arguments)
    {
        Func<ActorSystem, TimeSpan, TimeSpan, Throughput> measure = arguments[0] == "flood"
            ? Flood.Measure
            : (system, warmUp, time) => PingPong.Measure(system, 1, warmUp, time);
        Measure(measure, BenchSystem.Create, Pace.WarmUp);
        var (with, without, cost) = (new List<Throughput>(), new List<Throughput>(), new List<double>());
        for (var run = 0; run < Runs; run++)
        {
            // The order alternates, so that neither system always comes second.
            var (first, second) = run % 2 == 0 ? (with, without) : (without, with);
            first.Add(Measure(measure, first == with ? BenchSystem.Create : BenchSystem.CreateWithoutAccounting, WarmUp));
            second.Add(Measure(measure, second == with ? BenchSystem.Create : BenchSystem.CreateWithoutAccounting, WarmUp));
            cost.Add(100 * (1 - (with[^1].PerCpuSecond / without[^1].PerCpuSecond)));
        }

        yield return new("with", Statistics.Median(with.Select(rate => rate.PerSecond)));
        yield return new("without", Statistics.Median(without.Select(rate => rate.PerSecond)));
        yield return new("cost", Statistics.Median(cost));
    }

    private static void Compare(Session session, string name, string probe)
    {
        var outcome = session.Alone(probe);
        session.Add($"{name}, with accounting, messages/s", outcome["with"]);
        session.Add($"{name}, without, messages/s", outcome["without"]);
        session.Add($"{name}, cost of accounting, % of the processor time of a message", outcome["cost"], Budget.AtMost(2));
    }

    private static Throughput Measure(Func<ActorSystem, TimeSpan, TimeSpan, Throughput> measure, Func<ActorSystem> create, TimeSpan warmUp)
    {
        var system = create();
        var rate = measure(system, warmUp, Time);
        system.Terminate().Wait();
        return rate;
    }
}
