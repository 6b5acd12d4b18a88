using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace AllInOne.Benchmarks.State;

/// <summary>
/// GET of a value and increment of a counter over 64 keep-alive connections, beside bare Kestrel with a counter in a field, and beside Redis,
/// whose protocol is leaner than HTTP and whose client is its own.
/// </summary>
internal static class OverHttp
{
    /// <summary>The peer, in a separate process.</summary>
    public const string Bare = "state.http-bare";

    /// <summary>How long each request is repeated before it is measured, because the compiler optimises hot code for several seconds.</summary>
    private const int WarmUpSeconds = 8;

    private const string Redis = "redis-server";
    private const string Body = """{"by":1}""";

    public static IEnumerable<Reading> Serve(string[] arguments)
    {
        _ = arguments;
        var counter = 0L;
        return BareKestrel.Serve(async context =>
        {
            if (context.Request.Method == "POST")
            {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body);
                Interlocked.Increment(ref counter);
            }

            var answer = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"value":{{Volatile.Read(ref counter)}}}"""));
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = answer.Length;
            await context.Response.BodyWriter.WriteAsync(answer);
        });
    }

    public static void Run(Session session)
    {
        var (gets, increments, slowest) = (new Series(), new Series(), new Series());
        for (var round = 0; round < session.Rounds; round++)
        {
            using (var server = new ServerUnderTest())
            {
                using var put = server.Http.PutAsync("/api/state/hits", new StringContent("0", Encoding.UTF8, "application/json")).GetAwaiter().GetResult();
                var url = new Uri(server.Http.BaseAddress!, "/api/state/hits").ToString();
                if (!Measure(session, Contender.Ours, url, $"{url}/increment", gets, increments, slowest))
                {
                    session.Note("wrk is not installed (apt-get install wrk): nothing was measured over HTTP.");
                    return;
                }
            }

            using (var peer = new PeerServer(Bare))
            {
                Measure(session, BareKestrel.Name, $"http://127.0.0.1:{peer.Port}/", $"http://127.0.0.1:{peer.Port}/", gets, increments, slowest);
            }

            MeasureRedis(session, gets, increments);
        }

        session.Add("GET, 64 connections, requests/s", gets, Budget.AtLeastOfPeer(0.6));
        session.Add("increment, 64 connections, requests/s", increments, Budget.AtLeastOfPeer(0.6));
        session.Add("increment: p99, ms", slowest);
    }

    private static bool Measure(Session session, string contender, string get, string increment, Series gets, Series increments, Series slowest)
    {
        if (Wrk.Run(get, WarmUpSeconds) is null || Wrk.Run(increment, WarmUpSeconds, Body) is null
            || Wrk.Run(get, session.Seconds) is not { } read || Wrk.Run(increment, session.Seconds, Body) is not { } counted)
        {
            return false;
        }

        gets.Add(contender, read.Rate);
        increments.Add(contender, counted.Rate);
        slowest.Add(contender, counted.P99);
        return true;
    }

    private static void MeasureRedis(Session session, Series gets, Series increments)
    {
        const string Port = "6399";
        var data = Directory.CreateTempSubdirectory("allinone-redis-");
        try
        {
            using var server = Process.Start(new ProcessStartInfo(
                Redis, ["--port", Port, "--bind", "127.0.0.1", "--dir", data.FullName, "--save", "", "--appendonly", "yes"]) { RedirectStandardOutput = true })!;
            try
            {
                while (server.StandardOutput.ReadLine() is { } line && !line.Contains("Ready to accept", StringComparison.Ordinal))
                {
                }

                Ask("2000", "set", "hits", "0");
                gets.Add(Redis, Ask("300000", "get", "hits"));
                increments.Add(Redis, Ask("300000", "incr", "hits"));
            }
            finally
            {
                server.Kill();
                server.WaitForExit();
            }
        }
        catch (System.ComponentModel.Win32Exception)
        {
            session.Note("redis-server is not installed (apt-get install redis-server): its column is missing.");
        }
        finally
        {
            data.Delete(recursive: true);
        }

        static double Ask(string count, params string[] command)
        {
            using var client = Process.Start(new ProcessStartInfo(
                "redis-benchmark", ["-p", Port, "-c", "64", "-n", count, "--csv", .. command]) { RedirectStandardOutput = true })!;
            var last = client.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
            client.WaitForExit();
            return double.Parse(last.Split(',')[^7].Trim('"'), CultureInfo.InvariantCulture);
        }
    }
}
