using System.Globalization;

namespace AllInOne.Benchmarks.Harness;

/// <summary>The command line: runs the benchmarks that its words select, or one probe in this process for another process to read.</summary>
internal static class Suite
{
    /// <summary>The first word of a process that runs one probe.</summary>
    public const string ProbeWord = "probe";

    /// <summary>The last line of a probe. After it the process may be killed.</summary>
    public const string Done = "done";

    /// <returns>The exit code.</returns>
    public static int Run(string[] arguments, IReadOnlyList<Benchmark> benchmarks)
    {
        CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        if (arguments is [ProbeWord, var name, .. var rest])
        {
            return RunProbe(benchmarks.Single(benchmark => benchmark.Name == name), rest);
        }

        if (RunOptions.Parse(arguments, benchmarks, Console.Error) is not { } options)
        {
            return 2;
        }

        var conditions = Conditions.Now(options);
        Console.WriteLine(conditions);
        using var erlang = Erlang.Find(Console.Error);
        var report = new Report(conditions, Contender.All(erlang));
        foreach (var benchmark in options.Chosen)
        {
            Run(benchmark, new Session(benchmark.Name, options, report));
        }

        Table.Write(report, Console.Out);
        JsonReport.Write(report, options.JsonFile);
        Console.WriteLine($"{Environment.NewLine}JSON: {options.JsonFile}");
        return report.Failed ? 1 : 0;
    }

    /// <summary>Runs one benchmark. If it fails, the others still run.</summary>
    private static void Run(Benchmark benchmark, Session session)
    {
        try
        {
            benchmark.Run(session);
        }
#pragma warning disable CA1031 // A boundary: the failure is reported, and is the exit code.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            session.Fail(failure);
        }
    }

    private static int RunProbe(Benchmark benchmark, string[] arguments)
    {
        foreach (var (key, value) in benchmark.Probe!(arguments))
        {
            Console.WriteLine($"{key} {value:R}");
        }

        Console.WriteLine(Done);
        return 0;
    }
}
