using System.Diagnostics;

namespace AllInOne.Benchmarks.Harness.Processes;

/// <summary>A clean process for one probe. It is killed after it has answered, because some probes leave endless loops.</summary>
internal static class ProbeProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Returns the start of a probe of this program.</summary>
    public static ProcessStartInfo Own(string probe, params string[] arguments) =>
        new("dotnet", [typeof(ProbeProcess).Assembly.Location, Suite.ProbeWord, probe, .. arguments]) { RedirectStandardOutput = true };

    /// <summary>Runs a probe.</summary>
    /// <param name="start">The process to start.</param>
    /// <param name="problem">Why readings are missing; null if the probe succeeded.</param>
    public static IReadOnlyList<Reading> Run(ProcessStartInfo start, out string? problem)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var said = new List<string>();
        process.ErrorDataReceived += (_, line) =>
        {
            lock (said)
            {
                said.Add(line.Data ?? "");
            }
        };
        process.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(Limit);
        using var kill = limit.Token.Register(process.Kill);
        var readings = new List<Reading>();
        var done = false;
        while (!done && process.StandardOutput.ReadLine() is { } line)
        {
            done = line == Suite.Done;
            if (!done)
            {
                Read(line, readings, said);
            }
        }

        process.Kill();
        process.WaitForExit();
        problem = done
            ? null
            : limit.IsCancellationRequested
                ? $"no answer within {Limit.TotalSeconds} s"
                : $"ended before it had answered: {string.Join(' ', said).Trim()}";
        return readings;
    }

    private static void Read(string line, List<Reading> readings, List<string> said)
    {
        if (line.Split(' ') is [var key, var text] && double.TryParse(text, out var value))
        {
            readings.Add(new Reading(key, value));
            return;
        }

        lock (said)
        {
            said.Add(line);
        }
    }
}
