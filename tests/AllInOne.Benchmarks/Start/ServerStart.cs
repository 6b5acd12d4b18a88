using System.Diagnostics;

namespace AllInOne.Benchmarks.Start;

/// <summary>
/// The time from the start of the real server's process to its first 200. Then its memory and its use of the processor without requests. An
/// earlier build, named by <c>EARLIER_SERVER</c>, is the peer; it alternates with ours.
/// </summary>
internal static class ServerStart
{
    private const string Earlier = "earlier build";

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    /// <summary>The AllInOne.Server.dll of the earlier build; null if there is none.</summary>
    private static FileInfo? EarlierServer => Environment.GetEnvironmentVariable("EARLIER_SERVER") is { } file ? new FileInfo(file) : null;

    public static void Run(Session session)
    {
        var outcome = new Outcome();
        for (var round = 0; round < session.Rounds; round++)
        {
            Measure(session, outcome, Contender.Ours, ServerUnderTest.Built);
            if (EarlierServer is { } assembly)
            {
                Measure(session, outcome, Earlier, assembly);
            }
        }

        session.Add("the server's first 200, s", outcome["start"], Budget.AtMostMoreThanPeer(0.25));
        session.Add("the same, s of processor time", outcome["start-cpu"]);
        session.Add("idle, MB", outcome["memory"], Budget.AtMostMoreThanPeer(15));
        session.Add("idle, % of a processor", outcome["cpu"]);
    }

    private static void Measure(Session session, Outcome outcome, string contender, FileInfo assembly)
    {
        Console.Error.WriteLine($"start: {contender}");
        var watch = Stopwatch.StartNew();
        using var server = new ServerUnderTest(assembly);
        using (var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/healthz", UriKind.Relative)))
        {
            server.Http.Send(request).EnsureSuccessStatusCode();
        }

        outcome.Add("start", contender, watch.Elapsed.TotalSeconds);
        using var process = Process.GetProcessById(server.Id);
        outcome.Add("start-cpu", contender, process.TotalProcessorTime.TotalSeconds);
        Thread.Sleep(Settling);
        process.Refresh();
        var (cpu, start) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
        Thread.Sleep(TimeSpan.FromSeconds(session.Seconds));
        process.Refresh();
        outcome.Add("memory", contender, process.WorkingSet64 / 1e6);
        outcome.Add("cpu", contender, 100 * (process.TotalProcessorTime - cpu) / Stopwatch.GetElapsedTime(start));
    }
}
