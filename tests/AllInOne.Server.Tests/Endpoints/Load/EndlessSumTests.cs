namespace AllInOne.Server.Tests.Endpoints.Load;

/// <summary>A calculation that never ends. The test decides how long its caller waits.</summary>
public sealed class EndlessSumTests : IAsyncLifetime, IDisposable
{
    private readonly FakeClock _clock = new();
    private readonly TestServer _server;

    public EndlessSumTests() => _server = new TestServer { Clock = _clock };

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task A_negative_sum_never_ends_is_found_by_top_and_disappears_when_it_is_stopped()
    {
        var asked = _server.SendAsync("POST", "/api/system/sum", """{"n": -1}""");
        await Until.TrueAsync(() => _server.Tree.Inspection.Children("/user/requests", null, 10).Any(actor => actor.Status == "busy"));
        await Until.TrueAsync(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return asked.IsCompleted;
        });
        using var late = await asked;

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
}
