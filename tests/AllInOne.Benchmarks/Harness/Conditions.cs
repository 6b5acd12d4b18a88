using System.Globalization;
using System.Reflection;
using System.Runtime;
using System.Runtime.InteropServices;
using AllInOne.Benchmarks.Actors;

namespace AllInOne.Benchmarks.Harness;

/// <summary>The conditions of a measurement; without them its figures mean nothing.</summary>
/// <param name="Date">RFC 3339, UTC.</param>
/// <param name="Load">The load average of the last minute at the start. If the machine was busy before, the figures are noisy.</param>
/// <param name="Gc">The mode of this process and of its probes; the variables DOTNET_gcServer and DOTNET_gcConcurrent reach both.</param>
internal sealed record Conditions(
    string Date, string Cpu, int Cores, double MemoryGb, string Os, double Load, string Runtime, string Gc, string Actors, string Build, int Rounds)
{
    public static Conditions Now(RunOptions options) => new(
        DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        FirstLine("/proc/cpuinfo", "model name")?.Split(':')[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9, 1),
        RuntimeInformation.OSDescription,
        double.TryParse(FirstLine("/proc/loadavg", "")?.Split(' ')[0], out var load) ? load : double.NaN,
        RuntimeInformation.FrameworkDescription,
        $"{(GCSettings.IsServerGC ? "server" : "workstation")}, {(GCSettings.LatencyMode == GCLatencyMode.Batch ? "blocking" : "concurrent")}",
        BenchSystem.AkkaVersion,
        typeof(Conditions).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "",
        options.Rounds);

    public override string ToString() =>
        $"{Date}: {Cpu}, {Cores} cores, {MemoryGb} GB, {Os}, load {Load} at the start; {Runtime}, GC {Gc}; actors: {Actors}; {Build} build; rounds: {Rounds}";

    private static string? FirstLine(string file, string start) =>
        File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal)) : null;
}
