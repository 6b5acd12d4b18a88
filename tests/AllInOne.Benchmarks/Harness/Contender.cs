using System.Diagnostics;
using AllInOne.Benchmarks.Runtimes;

namespace AllInOne.Benchmarks.Harness;

/// <summary>Who runs probes: we, or a peer.</summary>
/// <param name="Name">The head of its column.</param>
/// <param name="Start">The process that runs a probe with arguments; null when it has none of that name.</param>
internal sealed record Contender(string Name, Func<string, string[], ProcessStartInfo?> Start)
{
    public const string Ours = "ours";

    private const string Assembly = "AllInOne.Benchmarks.dll";

    /// <summary>We first, then the peers that are there.</summary>
    public static IReadOnlyList<Contender> All(Erlang? erlang) =>
        new[] { new Contender(Ours, In(AppContext.BaseDirectory)), erlang?.Contender, OnAkka() }.OfType<Contender>().ToList();

    /// <summary>These same benchmarks where they have been built with -p:ActorRuntime=Akka as well.</summary>
    private static Contender? OnAkka()
    {
        var project = Path.Combine("tests", "AllInOne.Benchmarks");
        var directory = AppContext.BaseDirectory.Replace(
            Path.Combine(project, "bin"), Path.Combine(project, "bin", "akka"), StringComparison.Ordinal);
        var akka = Path.Combine(directory, "Akka.dll");
        return BenchSystem.IsBundled && File.Exists(akka)
            ? new Contender($"Akka.NET {FileVersionInfo.GetVersionInfo(akka).FileVersion}", In(directory))
            : null;
    }

    private static Func<string, string[], ProcessStartInfo?> In(string directory) =>
        (probe, arguments) => new ProcessStartInfo("dotnet", [Path.Combine(directory, Assembly), Suite.ProbeWord, probe, .. arguments]);
}
