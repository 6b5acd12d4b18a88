using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AllInOne.EndToEnd.Tests.Running;
using AllInOne.TestKit;

namespace AllInOne.EndToEnd.Tests;

/// <summary>The wall clock of the machine is set while the server runs, and while it is stopped.</summary>
public sealed class ClockTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();
    private readonly TemporaryDirectory _files = new();
    private readonly FakeWallClock _clock;

    public ClockTests() => _clock = new FakeWallClock(Path.Combine(_files.Path, "shift"));

    [Fact]
    public async Task Schedules_run_and_leases_expire_although_the_clock_is_set_back_by_an_hour_and_by_a_year()
    {
        await using (var server = await ServerProcess.StartAsync(_data.Path, _clock))
        {
            using var put = await server.Http.PutAsJsonAsync(
                "/api/jobs/tick", JsonSerializer.Deserialize<JsonElement>("""{"schedule": {"every": "PT1S"}, "action": {"type": "state", "op": "increment", "key": "tick"}}"""));
            Assert.Equal(HttpStatusCode.Created, put.StatusCode);
            await RunsAsync(server);
            await LeaseAsync(server);
            _clock.Set(-TimeSpan.FromHours(1));

            await NotedAsync(server, "back by 0.01:00:00");
            await RunsAsync(server);
            await LeasesEndAsync(server);
            await LeaseAsync(server);
            Assert.Equal(0, await server.TerminateAsync());
        }

        _clock.Set(-TimeSpan.FromDays(365));
        await using (var server = await ServerProcess.StartAsync(_data.Path, _clock))
        {
            await NotedAsync(server, "back by 364.2");
            await RunsAsync(server);
            await LeasesEndAsync(server);
        }
    }

    public void Dispose()
    {
        _data.Dispose();
        _files.Dispose();
    }

    /// <summary>Waits for two more runs of the job.</summary>
    private static async Task RunsAsync(ServerProcess server)
    {
        var before = await TicksAsync(server);
        await Eventually.Async(async () => await TicksAsync(server) >= before + 2, () => $"no more runs than {before}:\n{server.Output}");
    }

    private static async Task<int> TicksAsync(ServerProcess server)
    {
        using var answer = await server.Http.GetAsync(new Uri("/api/state/tick", UriKind.Relative));
        return answer.IsSuccessStatusCode ? int.Parse(await answer.Content.ReadAsStringAsync(), CultureInfo.InvariantCulture) : 0;
    }

    private static async Task LeaseAsync(ServerProcess server)
    {
        using var key = await server.Http.PutAsJsonAsync("/api/state/leased?ttl=6&durable=true", 1);
        using var held = await server.Http.PostAsJsonAsync("/api/state/door/lock", new { ttl = 6 });
        Assert.True(key.IsSuccessStatusCode && held.IsSuccessStatusCode);
    }

    private static Task LeasesEndAsync(ServerProcess server) => Eventually.Async(
        async () =>
        {
            using var key = await server.Http.GetAsync(new Uri("/api/state/leased", UriKind.Relative));
            using var held = await server.Http.GetAsync(new Uri("/api/state/door/lock", UriKind.Relative));
            return (key.StatusCode, held.StatusCode) == (HttpStatusCode.NotFound, HttpStatusCode.NotFound);
        },
        () => $"the leases do not end:\n{server.Output}");

    private static Task NotedAsync(ServerProcess server, string note) => Eventually.Async(
        async () => (await server.Http.GetStringAsync(new Uri("/readyz", UriKind.Relative))).Contains(note, StringComparison.Ordinal)
            && server.Output.Contains($"WRN The clock of the machine was set {note}", StringComparison.Ordinal),
        () => $"no note or no warning '{note}':\n{server.Output}");
}
