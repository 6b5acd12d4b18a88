using System.Net.Http.Json;
using System.Text.Json;

namespace AllInOne.Server.Tests.Endpoints.Load;

public sealed class FaultsEndpointsTests : IClassFixture<FaultsEndpointsTests.Enabled>
{
    private readonly TestServer _server;
    private readonly FakeClock _clock;

    public FaultsEndpointsTests(Enabled enabled) => (_server, _clock) = (enabled.Server, enabled.Clock);

    [Theory]
    [InlineData("crash", "CrashingActor")]
    [InlineData("spin", "SpinningActor")]
    [InlineData("block", "BlockingActor")]
    [InlineData("leak", "LeakingActor")]
    public async Task A_fault_starts_is_shown_in_the_tree_and_ends(string kind, string type)
    {
        using var response = await _server.SendAsync("POST", "/api/system/faults", $$"""{"kind": "{{kind}}", "count": 2, "seconds": 1.5}""");

        Assert.Equal(202, (int)response.StatusCode);
        var accepted = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((kind, 2, 1.5), (accepted.GetProperty("kind").GetString(), accepted.GetProperty("count").GetInt32(), accepted.GetProperty("seconds").GetDouble()));
        var path = accepted.GetProperty("path").GetString()!;
        await Until.TrueAsync(() => _server.Tree.Inspection.Children(path, null, 100).Count(actor => actor.Type == type) == 2);
        // The web host still answers.
        await _server.GetJsonAsync("/healthz");
        await Until.TrueAsync(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(0.1));
            return _server.Tree.Faults!.Running == 0 && _server.Tree.Inspection.Find(path)!.Children == 0;
        });
    }

    [Theory]
    [InlineData("{}", 422)]
    [InlineData("""{"kind": "burn"}""", 422)]
    [InlineData("""{"kind": "Spin"}""", 422)]
    [InlineData("""{"kind": 1}""", 422)]
    [InlineData("""{"kind": "spin", "count": 0}""", 422)]
    [InlineData("""{"kind": "spin", "count": 101}""", 422)]
    [InlineData("""{"kind": "spin", "seconds": -1}""", 422)]
    [InlineData("""{"kind": "spin", "seconds": 61}""", 422)]
    [InlineData("""{"kind": "spin", "seconds": "5"}""", 422)]
    [InlineData("""{"kind": "spin", "every": 5}""", 422)]
    [InlineData("nothing", 400)]
    public async Task A_wrong_fault_is_a_problem(string body, int status)
    {
        using var response = await _server.SendAsync("POST", "/api/system/faults", body);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Too_many_at_a_time_are_a_503()
    {
        using var first = await _server.SendAsync("POST", "/api/system/faults", """{"kind": "leak", "count": 60, "seconds": 2}""");
        using var second = await _server.SendAsync("POST", "/api/system/faults", """{"kind": "leak", "count": 60, "seconds": 2}""");

        Assert.Equal((202, 503), ((int)first.StatusCode, (int)second.StatusCode));
        Assert.NotNull(second.Headers.RetryAfter);
        using var stop = await _server.SendAsync("POST", "/api/system/actors/restart?path=/user/faults");
        await Until.TrueAsync(() => _server.Tree.Faults!.Running == 0);
    }

    [Fact]
    public async Task Faults_are_off_unless_they_are_enabled()
    {
        using var server = new TestServer();
        await server.InitializeAsync();
        try
        {
            using var response = await server.SendAsync("POST", "/api/system/faults", """{"kind": "spin"}""");

            Assert.Equal(404, (int)response.StatusCode);
            Assert.Contains("Faults:Enabled", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Null(server.Tree.Inspection.Find("/user/faults"));
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>A server with enabled faults. They last until the test moves the clock, even on a slow machine.</summary>
    public sealed class Enabled : IAsyncLifetime, IDisposable
    {
        public Enabled() => Server = new TestServer { Clock = Clock };

        public FakeClock Clock { get; } = new();

        public TestServer Server { get; }

        public Task InitializeAsync()
        {
            Server.Keys["Faults:Enabled"] = "true";
            return Server.InitializeAsync();
        }

        public Task DisposeAsync() => Server.DisposeAsync();

        public void Dispose() => Server.Dispose();
    }
}
