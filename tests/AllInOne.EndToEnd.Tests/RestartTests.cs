using System.Globalization;
using System.Text;
using System.Text.Json;
using AllInOne.EndToEnd.Tests.Running;
using AllInOne.TestKit;

namespace AllInOne.EndToEnd.Tests;

/// <summary>Parts of the tree restart under load, and the data shows no effect of it.</summary>
public sealed class RestartTests : IDisposable
{
    private const int Entities = 200;

    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task A_long_stream_cut_anywhere_arrives_whole_and_in_order_while_parts_restart()
    {
        await using var server = await ServerProcess.StartAsync(_data.Path);
        await using var feed = await FeedClient.ConnectAsync(server.Feed, acks: true);
        string[] parts = ["/user/storage/history", "/user/entities", "/user/live", "/user/storage", "/user/feeds"];
        var isOver = new TaskCompletionSource();
        var sending = SendInPiecesAsync(feed, isOver.Task, new Random(7));
        foreach (var part in parts.Concat(parts))
        {
            var before = feed.Acknowledged;
            await server.Http.RestartAsync(part);
            await Eventually.Async(
                () => Task.FromResult(feed.Acknowledged > before), () => $"stuck after the restart of {part}:\n{server.Output}");
        }

        isOver.SetResult();
        var rounds = await sending;
        await feed.EndAsync();
        Assert.Equal(rounds * Entities, feed.Acknowledged);
        for (var entity = 0; entity < Entities; entity++)
        {
            var history = await server.Http.HistoryAsync($"sensor.e{entity}");
            Assert.Equal(
                Enumerable.Range(0, rounds).Select(round => (round * Entities) + entity), history.Select(one => one.State().GetInt32()));
            Assert.Equal(Enumerable.Range(1, rounds).Select(version => (long)version), history.Select(HistoryReader.Version));
            Assert.Equal(history[^1].State().GetInt32(), (await server.Http.EntityAsync($"sensor.e{entity}")).GetProperty("state").GetInt32());
        }

        Assert.Equal(2, await RestartsAsync(server, "/user/entities"));
        Assert.Equal(2, await RestartsAsync(server, "/user/live"));
    }

    [Fact]
    public async Task The_web_host_restarts_on_its_port_while_the_other_parts_run_on()
    {
        await using var server = await ServerProcess.StartAsync(_data.Path);
        await using var feed = await FeedClient.ConnectAsync(server.Feed, acks: true);
        await feed.SendAsync("<event><light id=\"hall\">on</light></event>");
        await Eventually.Async(() => Task.FromResult(feed.Acknowledged == 1), () => "no ack");

        await server.Http.RestartAsync("/user/http");
        await Eventually.Async(async () => await RestartsAsync(server, "/user/http") == 1, () => $"no restart:\n{server.Output}");

        await feed.SendAsync("<event><light id=\"hall\">off</light></event>");
        await Eventually.Async(() => Task.FromResult(feed.Acknowledged == 2), () => "the feed did not live on");
        await Eventually.Async(
            async () => (await server.Http.EntityAsync("light.hall")).GetProperty("state").GetString() == "off", () => $"the port did not open again:\n{server.Output}");
    }

    [Fact]
    public async Task A_stopped_part_is_started_by_a_restart_or_by_the_hang_up_signal()
    {
        await using var server = await ServerProcess.StartAsync(_data.Path);
        await server.Http.PostAsync("/api/system/actors/stop?path=/user/feeds");
        await Eventually.Async(async () => !await IsReadyAsync(server), () => "the feeds were not stopped");
        await server.Http.RestartAsync("/user/feeds");
        await server.ReadyAsync();
        await using var feed = await FeedClient.ConnectAsync(server.Feed, acks: false);

        await server.Http.PostAsync("/api/system/actors/stop?path=/user/http");
        await Eventually.Async(() => IsClosedAsync(server), () => "the port is still open");
        server.HangUp();
        await server.ReadyAsync();
    }

    [Fact]
    public async Task The_server_exits_with_code_0_on_SIGTERM_and_has_stored_everything()
    {
        await using (var server = await ServerProcess.StartAsync(_data.Path))
        {
            await using var feed = await FeedClient.ConnectAsync(server.Feed, acks: true);
            for (var n = 1; n <= 1000; n++)
            {
                await feed.SendAsync($"<event><sensor id=\"counter\" state=\"{n}\"/></event>");
            }

            await Eventually.Async(() => Task.FromResult(feed.Acknowledged > 0), () => "no ack");
            Assert.Equal(0, await server.TerminateAsync());
        }

        await using var successor = await ServerProcess.StartAsync(_data.Path);
        var history = await successor.Http.HistoryAsync("sensor.counter");
        Assert.Equal(Enumerable.Range(1, history.Count), history.Select(one => one.State().GetInt32()));
    }

    private static async Task<bool> IsReadyAsync(ServerProcess server)
    {
        using var response = await server.Http.GetAsync(new Uri("/readyz", UriKind.Relative));
        return response.IsSuccessStatusCode;
    }

    private static async Task<bool> IsClosedAsync(ServerProcess server)
    {
        try
        {
            await IsReadyAsync(server);
            return false;
        }
        catch (HttpRequestException)
        {
            return true;
        }
    }

    private static async Task<int> RestartsAsync(ServerProcess server, string path)
    {
        var text = await server.Http.GetStringAsync(new Uri($"/api/system/actors?path={path}&depth=0", UriKind.Relative));
        using var page = JsonDocument.Parse(text);
        return page.RootElement.GetProperty("items")[0].GetProperty("restarts").GetInt32();
    }

    /// <summary>Sends an event for each entity, again and again, until the restarts are over.</summary>
    /// <returns>The number of events for each entity.</returns>
    private static async Task<int> SendInPiecesAsync(FeedClient feed, Task isOver, Random random)
    {
        const int RoundsAtOnce = 50;
        var rounds = 0;
        for (; !isOver.IsCompleted; rounds += RoundsAtOnce)
        {
            var bytes = Events(rounds * Entities, RoundsAtOnce * Entities);
            for (var sent = 0; sent < bytes.Length;)
            {
                var count = Math.Min(random.Next(1, 4000), bytes.Length - sent);
                await feed.SendAsync(bytes.AsMemory(sent, count));
                sent += count;
            }
        }

        return rounds;
    }

    private static byte[] Events(int first, int count)
    {
        var text = new StringBuilder();
        for (var n = first; n < first + count; n++)
        {
            text.Append(CultureInfo.InvariantCulture, $"<event><sensor id=\"e{n % Entities}\" state=\"{n}\"/></event>\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
