using System.Diagnostics;
using AllInOne.Benchmarks.Actors;

namespace AllInOne.Benchmarks.Harness;

/// <summary>Who runs probes: we, or a peer.</summary>
/// <param name="Name">The head of its column.</param>
/// <param name="Start">The process that runs a probe with arguments; null when it has none of that name.</param>
internal sealed record Contender(string Name, Func<string, string[], ProcessStartInfo?> Start)
{
    public const string Ours = "ours";

    /// <summary>What the executors of Akka.NET make a difference to.</summary>
    private static readonly string[] Rates = ["actors.pingpong", "actors.flood", "actors.restarts"];

    /// <summary>We first, then the peers that are there. Akka.NET is always there: the same probes on its own dispatcher.</summary>
    public static IReadOnlyList<Contender> All(Erlang? erlang) =>
        new[]
        {
            new Contender(Ours, On(SystemKind.Fair)),
            new Contender(BenchSystem.AkkaVersion, On(SystemKind.Stock)),
            erlang?.Contender,
            new Contender("fork-join executor", On(SystemKind.ForkJoin, Rates)),
            new Contender("channel executor", On(SystemKind.Channel, Rates)),
        }.OfType<Contender>().ToList();

    /// <param name="kind">What its actors run on.</param>
    /// <param name="only">The probes that it has; all without any.</param>
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
