using System.Globalization;

namespace AllInOne.Benchmarks.Live;

/// <summary>
/// The cost of live connections: 10,000 that wait (opening, memory, an event to all), and 1,000 that get 100 events per second. The server,
/// or the bare Kestrel handler beside it, is one process, and all clients are another one.
/// </summary>
internal static class LiveConnections
{
    public const string Bare = "live.bare";
    public const string Probe = "live.clients";

    // A smaller number only checks that the benchmark runs.
    private static int Idle => int.TryParse(Environment.GetEnvironmentVariable("LIVE_CLIENTS"), out var given) ? given : 10_000;

    private static int Busy => Math.Min(1000, Idle);

    public static void Run(Session session)
    {
        foreach (var transport in (string[])["sse", "poll"])
        {
            var outcome = Contest(session, [transport, Text(Idle), "0", "0"]);
            var name = $"{transport}, {Idle:N0} idle";
            session.Add($"{name}: opened within s", outcome["opened"], Budget.AtMost(10));
            session.Add($"{name}: KB each", outcome["memory"], Budget.AtMostOfPeer(1.1));
            session.Add($"{name}: all told, p50, ms", outcome["p50"]);
            session.Add($"{name}: p99, ms", outcome["p99"], Budget.AtMost(150));
            session.Add($"{name}: missing", outcome["missing"], Budget.AtMost(0), worst: true);
        }

        var told = Contest(session, ["sse", Text(Busy), "100", Text(session.Seconds)]);
        session.Add($"sse, {Busy:N0} × 100 events/s: p50, ms", told["p50"]);
        session.Add($"sse, {Busy:N0} × 100 events/s: p99, ms", told["p99"], Budget.AtMost(50));
        session.Add($"sse, {Busy:N0} × 100 events/s: missing", told["missing"], Budget.AtMost(0), worst: true);
    }

    private static Outcome Contest(Session session, string[] arguments)
    {
        var outcome = new Outcome();
        for (var round = 0; round < session.Rounds; round++)
        {
            using (var server = new ServerUnderTest())
            {
                Ask(session, outcome, Contender.Ours, server.Http.BaseAddress!.Port, server.Id, arguments);
            }

            using var peer = new PeerServer(Bare);
            Ask(session, outcome, BareKestrel.Name, peer.Port, peer.Id, arguments);
        }

        return outcome;
    }

    private static void Ask(Session session, Outcome outcome, string contender, int port, int server, string[] arguments)
    {
        Console.Error.WriteLine($"live {string.Join(' ', arguments)}: {contender}");
        var readings = ProbeProcess.Run(ProbeProcess.Own(Probe, [Text(port), Text(server), .. arguments]), out var problem);
        foreach (var (key, value) in readings)
        {
            outcome.Add(key, contender, value);
        }

        if (problem is not null)
        {
            session.Note($"{contender} ({string.Join(' ', arguments)}) {problem}");
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
