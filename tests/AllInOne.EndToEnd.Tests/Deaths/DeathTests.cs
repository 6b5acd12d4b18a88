using System.Diagnostics;
using AllInOne.EndToEnd.Tests.Running;
using AllInOne.TestKit;

namespace AllInOne.EndToEnd.Tests.Deaths;

/// <summary>The process is killed without warning. Everything that it has acknowledged is stored.</summary>
public sealed class DeathTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task An_entity_has_its_last_stored_state_after_kill_9()
    {
        await using (var server = await ServerProcess.StartAsync(_data.Path))
        {
            await using var feed = await FeedClient.ConnectAsync(server.Feed, acks: true);
            await feed.SendAsync("<event><sensor id=\"kitchen_temperature\" state=\"21.5\" unit=\"°C\" area=\"Kitchen\"/></event>");
            await Eventually.Async(() => Task.FromResult(feed.Acknowledged == 1), () => $"no ack:\n{server.Output}");
            await server.KillAsync();
        }

        await using var successor = await ServerProcess.StartAsync(_data.Path);
        var entity = await successor.Http.EntityAsync("sensor.kitchen_temperature");
        Assert.Equal(21.5, entity.GetProperty("state").GetDouble());
        Assert.Equal("°C", entity.GetProperty("unit").GetString());
        Assert.Equal("Kitchen", entity.GetProperty("area").GetString());
        Assert.Equal(1, entity.GetProperty("version").GetInt64());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public Task Every_acknowledged_event_is_stored_once_after_kill_9(int seed) => KillAndCompareAsync(seed);

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(ManySeeds))]
    public Task Every_acknowledged_event_is_stored_once_after_many_kills(int seed) => KillAndCompareAsync(seed);

    public static TheoryData<int> ManySeeds() => [.. Enumerable.Range(100, 20)];

    private async Task KillAndCompareAsync(int seed)
    {
        const int Entities = 10;
        var random = new Random(seed);
        long acknowledged;
        await using (var server = await ServerProcess.StartAsync(_data.Path))
        {
            await using var feed = await FeedClient.ConnectAsync(server.Feed, acks: true);
            var sending = SendForEverAsync(feed, Entities);
            var alive = TimeSpan.FromMilliseconds(random.Next(300, 1500));
            var watch = Stopwatch.StartNew();
            await Eventually.Async(() => Task.FromResult(feed.Acknowledged >= Entities && watch.Elapsed > alive), () => "no acks");
            await server.KillAsync();
            await sending;
            await feed.Closed;
            acknowledged = feed.Acknowledged;
        }

        await using var successor = await ServerProcess.StartAsync(_data.Path);
        var stored = 0L;
        for (var entity = 0; entity < Entities; entity++)
        {
            var history = await successor.Http.HistoryAsync($"sensor.e{entity}");
            stored += history.Count;
            Assert.Equal(Enumerable.Range(1, history.Count).Select(version => (long)version), history.Select(HistoryReader.Version));
            Assert.Equal(
                Enumerable.Range(0, history.Count).Select(round => (round * Entities) + entity), history.Select(one => one.State().GetInt32()));
            Assert.Equal(history[^1].State().GetInt32(), (await successor.Http.EntityAsync($"sensor.e{entity}")).GetProperty("state").GetInt32());
        }

        Assert.True(stored >= acknowledged, $"{acknowledged} events were acknowledged, {stored} are there");
    }

    /// <summary>Event n sets entity n modulo <paramref name="entities"/> to n, until the connection breaks.</summary>
    private static async Task SendForEverAsync(FeedClient feed, int entities)
    {
        try
        {
            for (var n = 0; ; n++)
            {
                await feed.SendAsync($"<event><sensor id=\"e{n % entities}\" state=\"{n}\"/></event>");
            }
        }
        catch (IOException)
        {
            // The server is killed.
        }
    }
}
