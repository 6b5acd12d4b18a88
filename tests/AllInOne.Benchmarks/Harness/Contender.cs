using System.Diagnostics;
using AllInOne.Benchmarks.Actors;

namespace AllInOne.Benchmarks.Harness;

/// <summary>A contender that runs probes: our program, or a peer.</summary>
/// <param name="Name">The head of its column.</param>
/// <param name="Start">Returns the process that runs a probe with arguments; null if the contender has no such probe.</param>
internal sealed record Contender(string Name, Func<string, string[], ProcessStartInfo?> Start)
{
    public const string Ours = "ours";

    /// <summary>The probes for which the executors of Akka.NET make a difference.</summary>
    private static readonly string[] Rates = ["actors.pingpong", "actors.flood", "actors.restarts"];

    /// <summary>Our program first, then the available peers. Akka.NET is always available: the same probes on its own dispatcher.</summary>
    public static IReadOnlyList<Contender> All(Erlang? erlang) =>
        new[]
        {
            new Contender(Ours, On(SystemKind.Fair)),
            new Contender(BenchSystem.AkkaVersion, On(SystemKind.Stock)),
            erlang?.Contender,
            new Contender("fork-join executor", On(SystemKind.ForkJoin, Rates)),
            new Contender("channel executor", On(SystemKind.Channel, Rates)),
        }.OfType<Contender>().ToList();

    /// <param name="kind">The dispatcher of its actors.</param>
    /// <param name="only">The probes that it has; all if this is empty.</param>
    private static Func<string, string[], ProcessStartInfo?> On(SystemKind kind, params string[] only) => (probe, arguments) =>
    {
        if (only.Length > 0 && !only.Contains(probe))
        {
            return null;
        }

        var start = ProbeProcess.Own(probe, arguments);
        start.Environment[BenchSystem.KindVariable] = kind.ToString();
        return start;
    };
}
