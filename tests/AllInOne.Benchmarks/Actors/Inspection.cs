using System.Diagnostics;
using System.Net.Http.Json;

namespace AllInOne.Benchmarks.Actors;

/// <summary>
/// The response time of <c>GET /api/system</c> of the real server while 10,000 workers work, and while 64 endless loops spin beside
/// them. Requests are due on a fixed grid, and their time counts from there. So the time that a request waits for the previous one counts too.
/// </summary>
internal static class Inspection
{
    private const int Workers = 10_000;
    private const int Loops = 64;
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    /// <summary>The loops run longer than the measurement. A fault may last at most a minute.</summary>
    private static readonly TimeSpan Spare = TimeSpan.FromSeconds(5);

    public static void Run(Session session)
    {
        var outcome = new Outcome();
        for (var round = 0; round < session.Rounds; round++)
        {
            try
            {
                RunRound(outcome, TimeSpan.FromSeconds(session.Seconds));
            }
            catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
            {
                session.Note(failure.Message);
                break;
            }
        }

        AddRows(session, outcome, "workers", "10,000 workers", null);
        AddRows(session, outcome, "loops", "10,000 workers and 64 loops", Budget.AtMost(50));
    }

    private static void AddRows(Session session, Outcome outcome, string key, string name, Budget? budget)
    {
        session.Add($"{name}: /api/system answers, p50, ms", outcome[key + "-p50"]);
        session.Add($"{name}: p99, ms", outcome[key + "-p99"], budget);
        session.Add($"{name}: worst, ms", outcome[key + "-worst"], worst: true);
    }

    private static void RunRound(Outcome outcome, TimeSpan time)
    {
        using var server = new ServerUnderTest("--Faults:Enabled=true");
        Send(server.Http, HttpMethod.Put, "/api/system/load", new { workers = Workers });
        Measure(server.Http, Settling);
        Add(outcome, "workers", Measure(server.Http, time));
        Send(server.Http, HttpMethod.Post, "/api/system/faults", new { kind = "spin", count = Loops, seconds = (int)(time + Spare).TotalSeconds });
        Add(outcome, "loops", Measure(server.Http, time));
    }

    private static void Add(Outcome outcome, string key, List<double> milliseconds)
    {
        outcome.Add(key + "-p50", Contender.Ours, Statistics.Percentile(milliseconds, 50));
        outcome.Add(key + "-p99", Contender.Ours, Statistics.Percentile(milliseconds, 99));
        outcome.Add(key + "-worst", Contender.Ours, milliseconds[^1]);
    }

    /// <summary>Returns the response times in milliseconds, ascending.</summary>
    private static List<double> Measure(HttpClient http, TimeSpan time)
    {
        var taken = new List<double>();
        var watch = Stopwatch.StartNew();
        for (var due = TimeSpan.Zero; due < time; due += Every)
        {
            if (due - watch.Elapsed is { Ticks: > 0 } early)
            {
                Thread.Sleep(early);
            }

            Send(http, HttpMethod.Get, "/api/system", null);
            taken.Add((watch.Elapsed - due).TotalMilliseconds);
        }

        taken.Sort();
        return taken;
    }

    private static void Send(HttpClient http, HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = http.Send(request);
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"{method} {path} answered {(int)response.StatusCode}.");
        }

        response.Content.CopyTo(Stream.Null, null, CancellationToken.None);
    }
}
