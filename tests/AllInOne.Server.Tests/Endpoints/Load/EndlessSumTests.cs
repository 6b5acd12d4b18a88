namespace AllInOne.Server.Tests.Endpoints.Load;

/// <summary>A calculation that never ends, with a short patience of the server.</summary>
public sealed class EndlessSumTests : IClassFixture<EndlessSumTests.Impatient>
{
    private readonly TestServer _server;

    public EndlessSumTests(Impatient impatient) => _server = impatient.Server;

    [Fact]
    public async Task A_negative_one_never_ends_is_found_by_top_and_leaves_when_it_is_stopped()
    {
        using var late = await _server.SendAsync("POST", "/api/system/sum", """{"n": -1}""");

        Assert.Equal(504, (int)late.StatusCode);
        using var other = await _server.SendAsync("POST", "/api/system/sum", """{"n": 100}""");
        Assert.Equal(200, (int)other.StatusCode);
        var busiest = (await _server.GetJsonAsync("/api/system/actors/top?seconds=0.3&limit=1")).GetProperty("items")[0];
        var path = busiest.GetProperty("path").GetString()!;
        Assert.StartsWith("/user/requests/", path, StringComparison.Ordinal);
        Assert.Equal(("busy", "Sum"), (busiest.GetProperty("status").GetString(), busiest.GetProperty("message").GetString()));
        Assert.True(busiest.GetProperty("recent").GetProperty("busyMs").GetDouble() > 100);

        using var stop = await _server.SendAsync("POST", $"/api/system/actors/stop?path={path}");

        Assert.Equal(202, (int)stop.StatusCode);
        await Until.TrueAsync(() => _server.Tree.Inspection.Find(path) is null);
        await Until.TrueAsync(() => _server.Tree.Calculations.Running == 0);
        var held = (await _server.GetJsonAsync("/api/system")).GetProperty("scheduler").GetProperty("heldUp").EnumerateArray()
            .Single(message => message.GetProperty("path").GetString() == path);
        Assert.True(held.GetProperty("abandoned").GetBoolean());
    }

    /// <summary>A server whose callers wait for five seconds at the most: long for a sum, and short for an endless one.</summary>
    public sealed class Impatient : IAsyncLifetime, IDisposable
    {
        public TestServer Server { get; } = new();

        public Task InitializeAsync()
        {
            Server.Keys["Requests:Timeout"] = "00:00:05";
            return Server.InitializeAsync();
        }

        public Task DisposeAsync() => Server.DisposeAsync();

        public void Dispose() => Server.Dispose();
    }
}
