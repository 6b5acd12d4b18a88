using System.Net;
using AllInOne.Server.Tests.Http;
using Microsoft.Extensions.Logging;

namespace AllInOne.Server.Tests.Hosting;

public sealed class RunningServerTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Entities_and_their_history_survive_a_restart_of_the_server()
    {
        await server.FeedAsync("<event><sensor id=\"kept\" state=\"1\" area=\"Hall\"/></event><event><sensor id=\"kept\" state=\"2\"/></event>");
        var before = await server.Client.GetStringAsync("/api/entities/sensor.kept");

        await server.RestartAsync();

        Assert.Equal(before, await server.Client.GetStringAsync("/api/entities/sensor.kept"));
        var history = await server.GetJsonAsync("/api/entities/sensor.kept/history");
        Assert.Equal([1, 2], history.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("state").GetInt32()));
    }

    [Fact]
    public async Task The_server_is_ready_only_when_every_stored_entity_is_restored()
    {
        const int Entities = 2000;
        await server.FeedAsync(string.Concat(Enumerable.Range(0, Entities).Select(n => $"<event><many id=\"e{n}\" state=\"{n}\"/></event>")));

        await server.RestartAsync();

        Assert.True(server.Tree.Entities.Count >= Entities, $"{server.Tree.Entities.Count} of {Entities}");
    }

    [Fact]
    public async Task A_cursor_of_the_previous_run_continues_after_a_restart_of_the_server()
    {
        await server.FeedAsync("<event><sensor id=\"cursor\" state=\"1\"/></event>");
        var seen = (await server.GetJsonAsync("/api/events?timeout=0")).GetProperty("next").GetInt64();

        await server.RestartAsync();
        await server.FeedAsync("<event><sensor id=\"cursor\" state=\"2\"/></event>");

        var page = await server.GetJsonAsync($"/api/events?since={seen}&timeout=10");
        Assert.False(page.GetProperty("reset").GetBoolean());
        Assert.Equal(2, page.GetProperty("events").EnumerateArray().Single().GetProperty("data").GetProperty("state").GetInt32());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_part_that_is_restarted_while_it_stops_starts_again_after_its_stop(bool byName)
    {
        const string Path = "/user/load";
        for (var times = 0; times < 20; times++)
        {
            // The check at the end of the loop may have seen the previous actor before its stop. Then the part does not exist for a moment.
            await Until.TrueAsync(() => server.Tree.Stop(Path));
            if (byName)
            {
                Assert.True(server.Tree.Restart(Path));
            }
            else
            {
                server.Tree.BringUp();
            }

            await Until.TrueAsync(
                () => server.Tree.NotReady.Count == 0 && server.Tree.Inspection.Find(Path) is { Status: not "stopping", Restarts: 0 },
                () => string.Join(", ", server.Tree.NotReady));
        }
    }

    [Fact]
    public async Task The_tree_is_stopped_although_the_web_host_fails_to_stop()
    {
        var clock = new BreakingClock();
        using var other = new TestServer { Clock = clock };
        await other.InitializeAsync();
        var tree = other.Tree;
        clock.IsBroken = true;

        await Assert.ThrowsAsync<AggregateException>(other.DisposeAsync);

        Assert.True(tree.WhenTerminated.IsCompletedSuccessfully);
        // The server has released its files and its claim on the directory.
        clock.IsBroken = false;
        await other.InitializeAsync();
        await other.DisposeAsync();
    }

    [Fact]
    public async Task A_limit_that_does_not_fit_into_the_memory_is_a_warning_in_the_log_at_the_start()
    {
        const long More = 1L << 44;
        using var log = new RecordedLog();
        using var large = new TestServer { Loggers = LoggerFactory.Create(to => to.AddProvider(log)) };
        large.Keys["Entities:MaxBytes"] = $"{More}";
        await large.InitializeAsync();
        await large.DisposeAsync();

        var line = Assert.Single(log.Lines, line => line.Text.StartsWith("Configuration: ", StringComparison.Ordinal));
        Assert.Equal(LogLevel.Warning, line.Level);
        Assert.StartsWith($"Configuration: Entities:MaxBytes is {More} bytes; the process may use ", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_dashboard_comes_out_of_the_executable()
    {
        using var page = await server.Client.GetAsync("/");
        using var module = await server.Client.GetAsync("/vendor/preact.mjs");

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("importmap", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("text/javascript", module.Content.Headers.ContentType?.MediaType);
    }

    /// <summary>Once broken, this clock refuses the timer that is needed to end the live requests.</summary>
    private sealed class BreakingClock : TimeProvider
    {
        private static readonly TimeSpan EndOfLiveRequests = TimeSpan.FromSeconds(2);

        public bool IsBroken { get; set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            IsBroken && dueTime == EndOfLiveRequests ? throw new IOException("No timer.") : base.CreateTimer(callback, state, dueTime, period);
    }
}
