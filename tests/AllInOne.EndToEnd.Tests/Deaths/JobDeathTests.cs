using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AllInOne.EndToEnd.Tests.Running;
using AllInOne.TestKit;

namespace AllInOne.EndToEnd.Tests.Deaths;

/// <summary>
/// The process is killed during runs and enqueues. Each acknowledged item is done, and has one record of success. An interrupted run is
/// lost and tried again. No time runs twice, and no program of a dead server runs beside its retry.
/// </summary>
public sealed class JobDeathTests : IDisposable
{
    private const int Clients = 8;
    private const string Sleeper = "sleep 987654";

    private readonly TemporaryDirectory _data = new();
    private readonly ConcurrentDictionary<long, bool> _acknowledged = [];
    private int _answers;
    private int _starts;

    /// <summary>Ends the programs of a killed server if a test has failed, because no server ends them.</summary>
    public void Dispose()
    {
        foreach (var left in Sleepers())
        {
            using var process = Process.GetProcessById(left);
            process.Kill();
        }

        _data.Dispose();
    }

    [Fact]
    public Task Enqueued_items_are_done_after_kill_9_and_interrupted_runs_are_lost_and_tried_again() => KillAgainAndAgainAsync(kills: 3, seed: 1);

    [Fact]
    [Trait("Category", "Long")]
    public Task Enqueued_items_are_done_after_20_kills() => KillAgainAndAgainAsync(kills: 20, seed: 2);

    [Fact]
    public async Task A_crontab_is_imported_into_the_running_server_and_its_commands_run()
    {
        await using var server = await ServerProcess.StartAsync(_data.Path, more: "--Jobs:Commands:Enabled=true");
        await File.WriteAllTextAsync(_data["crontab"], "GREETING=hello\n# Says something.\n0 3 * * * /bin/echo $GREETING there\n");
        var (code, output) = await ServerProcess.RunAsync("crontab", "import", _data["crontab"], "--data", _data.Path);
        Assert.True(code == 0, output);
        var (again, refused) = await ServerProcess.RunAsync("crontab", "import", _data["crontab"], "--data", _data.Path);
        Assert.True(again == 1, refused);

        using var begun = await server.Http.PostAsync(new Uri("/api/jobs/echo/run", UriKind.Relative), null);
        JsonElement run = default;
        await Eventually.Async(
            async () => (run = await server.Http.GetFromJsonAsync<JsonElement>(begun.Headers.Location!)).GetProperty("outcome").ValueKind != JsonValueKind.Null,
            () => $"{run}");
        Assert.Equal(("succeeded", "hello there\n"), (run.GetProperty("outcome").GetString(), run.GetProperty("output").GetString()));
    }

    private Task KillAgainAndAgainAsync(int kills, int seed) => new Killing(_data.Path, "--Jobs:Commands:Enabled=true", "--Jobs:RunsKept=1000000")
        .RunAsync(kills, seed, CompareAsync, Start, () => _answers > 200);

    private IReadOnlyList<Task> Start(Uri server)
    {
        _answers = 0;
        return [.. Enumerable.Range(0, Clients).Select(n => EnqueueAsync(server, n))];
    }

    private async Task EnqueueAsync(Uri server, int client)
    {
        using var http = new HttpClient { BaseAddress = server };
        try
        {
            for (var n = 0; ; n++)
            {
                using var response = await http.PostAsJsonAsync(
                    new Uri("/api/jobs/work/enqueue", UriKind.Relative), new { parameters = n, key = $"{_starts}-{client}-{n}" });
                Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
                _acknowledged[(await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64()] = true;
                Interlocked.Increment(ref _answers);
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            // The server is killed.
        }
    }

    private async Task CompareAsync(ServerProcess server)
    {
        if (_starts++ == 0)
        {
            await PutAsync(server, "work", """{"action": {"type": "none"}, "concurrency": 16, "retry": {"attempts": 1, "backoff": "PT0.1S"}}""");
            await PutAsync(server, "tick", """{"action": {"type": "none"}, "schedule": {"every": "PT0.2S"}, "misfire": "runAll"}""");
            await PutAsync(server, "sleeper", """{"action": {"type": "command", "file": "sleep", "args": ["987654"]}, "retry": {"attempts": 2, "backoff": "PT0.1S"}}""");
            await SleepAsync(server);
            return;
        }

        await Eventually.Async(
            async () => (await server.Http.GetFromJsonAsync<JsonElement>(new Uri("/api/jobs/work", UriKind.Relative))).GetProperty("queued").GetInt32() == 0,
            () => $"the queue is not empty:\n{server.Output}");
        // The last items are done, and their records are being written.
        List<long> done = [];
        await Eventually.Async(
            async () =>
            {
                done = [.. (await RunsAsync(server, "work", "succeeded")).Select(run => run.GetProperty("item").GetInt64())];
                return !_acknowledged.Keys.Except(done).Any();
            },
            () => $"acknowledged and not done: {string.Join(' ', _acknowledged.Keys.Except(done).Order())}\n{server.Output}");
        Assert.Equal(done.Count, done.Distinct().Count());

        var ticks = (await RunsAsync(server, "tick", null)).Select(run => run.GetProperty("plannedFor").GetDateTimeOffset()).ToList();
        Assert.Equal(ticks.Count, ticks.Distinct().Count());
        Assert.True(ticks.Count > _starts, $"{ticks.Count} ticks");

        // The run that started before the death is lost, and its second attempt runs. The newest run is first.
        List<JsonElement> sleeps = [];
        await Eventually.Async(
            async () => (sleeps = await RunsAsync(server, "sleeper", null)) is [var newest, ..] && Outcome(newest) is null,
            () => $"{string.Join('\n', sleeps)}");
        Assert.Equal(("retry", "lost"), (sleeps[0].GetProperty("cause").GetString(), Outcome(sleeps[1])));
        Assert.Equal(_starts - 1, sleeps.Count(run => Outcome(run) == "lost"));
        await Eventually.Async(() => Task.FromResult(Sleepers().Count == 1), () => $"{Sleepers().Count} programs");

        // The next death must find a first attempt again, because the pauses between many attempts of one run would grow.
        var going = new Uri($"/api/jobs/sleeper/runs/{sleeps[0].GetProperty("id")}", UriKind.Relative);
        using var cancelled = await server.Http.PostAsync(new Uri($"{going}/cancel", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
        await Eventually.Async(async () => Outcome(await server.Http.GetFromJsonAsync<JsonElement>(going)) == "cancelled", () => "it is not cancelled");
        await SleepAsync(server);
    }

    private static string? Outcome(JsonElement run) => run.GetProperty("outcome").GetString();

    private static async Task SleepAsync(ServerProcess server)
    {
        using var begun = await server.Http.PostAsync(new Uri("/api/jobs/sleeper/run", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.Accepted, begun.StatusCode);
    }

    private static async Task PutAsync(ServerProcess server, string id, string definition)
    {
        using var body = new StringContent(definition, Encoding.UTF8, "application/json");
        using var response = await server.Http.PutAsync(new Uri($"/api/jobs/{id}", UriKind.Relative), body);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    private static async Task<List<JsonElement>> RunsAsync(ServerProcess server, string job, string? outcome)
    {
        var runs = new List<JsonElement>();
        string? cursor = "";
        while (cursor is not null)
        {
            var page = await server.Http.GetFromJsonAsync<JsonElement>(new Uri(
                $"/api/jobs/{job}/runs?limit=1000{(outcome is null ? "" : $"&outcome={outcome}")}{(cursor.Length == 0 ? "" : $"&cursor={cursor}")}", UriKind.Relative));
            runs.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = page.GetProperty("next").GetString();
        }

        return runs;
    }

    /// <summary>The programs of this job only, because other tests may run the same program.</summary>
    private List<int> Sleepers() => [.. Directory.EnumerateDirectories("/proc").Select(process =>
    {
        try
        {
            return int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && File.ReadAllText($"{process}/cmdline").Replace('\0', ' ').Trim().EndsWith(Sleeper, StringComparison.Ordinal)
                && new DirectoryInfo($"{process}/cwd").ResolveLinkTarget(false)?.FullName == _data.Path ? id : 0;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }).Where(id => id > 0)];
}
