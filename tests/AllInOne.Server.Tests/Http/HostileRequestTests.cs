using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;

namespace AllInOne.Server.Tests.Http;

public sealed class HostileRequestTests(EveryRouteServer server) : IClassFixture<EveryRouteServer>
{
    private const int PerRoute = 60;

    [Fact]
    public async Task No_request_however_wrong_is_a_500_or_an_error_in_the_log()
    {
        await MakeResourcesAsync();
        string[] methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
        var routes = server.Routes;
        // Every method of every route, and every pattern with all methods.
        var targets = routes.Concat(routes.Select(route => route.Pattern).Distinct().SelectMany(pattern => methods.Select(method => (Method: method, Pattern: pattern)))).ToList();
        Assert.True(routes.Count > 60, $"{routes.Count} routes");
        var failures = new ConcurrentQueue<string>();
        var answers = new ConcurrentDictionary<int, int>();

        await Parallel.ForEachAsync(Enumerable.Range(0, targets.Count), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (n, _) =>
        {
            var requests = new HostileRequest(seed: 20260 + n);
            var isRoute = n < routes.Count;
            for (var i = 0; i < (isRoute ? PerRoute : 4); i++)
            {
                var request = requests.Next(targets[n].Method, targets[n].Pattern);
                var (status, head) = await server.SendRawAsync(request);
                answers.AddOrUpdate(status, 1, (_, count) => count + 1);
                if (status >= 500 && status is not (501 or 503 or 507))
                {
                    failures.Enqueue($"{status}: {Encoding.Latin1.GetString(request.AsSpan(0, Math.Min(request.Length, 600)))} -> {head}");
                }
            }
        });

        Assert.True(failures.IsEmpty, string.Join("\n", failures.Take(5)) + "\n" + string.Join("\n", server.Log.Lines.Where(line => line.Level >= LogLevel.Warning).Take(5)));
        // Not all requests fail at the first check: some reach the handlers and their writes.
        Assert.True(answers[200] > 500 && answers[201] > 10 && answers[422] > 100, string.Join(", ", answers));
        Assert.Empty(server.Log.Lines.Where(line => line.Level >= LogLevel.Warning).Take(5));
    }

    private async Task MakeResourcesAsync()
    {
        foreach (var (path, body) in new[]
        {
            ("/api/entities/light.hall", """{"state": 1}"""),
            ("/api/collections/a/documents/a", """{"a": [1], "b": null}"""),
            ("/api/state/a", "1"),
            ("/api/jobs/a", """{"schedule": null, "action": {"type": "none"}}"""),
        })
        {
            using var answer = await server.Server.SendAsync("PUT", path, body);
            answer.EnsureSuccessStatusCode();
        }
    }
}
