using System.Globalization;
using AllInOne.EndToEnd.Tests.Running;
using AllInOne.TestKit;
using static Microsoft.Playwright.Assertions;

namespace AllInOne.EndToEnd.Tests.Dashboard;

/// <summary>Server-sent events in a real browser: its own EventSource, and the dashboard if WebSockets are blocked.</summary>
[Collection(Browser.Collection)]
public sealed class StreamTests(Browser browser) : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task The_browsers_own_EventSource_resumes_by_itself_over_a_killed_process_and_misses_nothing()
    {
        var server = await ServerProcess.StartAsync(_data.Path, null, null, "--Live:RetryTime=00:00:00.5");
        var (url, feed) = (server.Url, server.Feed);
        await using var page = await browser.OpenAsync(url);
        await page.Page.EvaluateAsync(
            """
            () => new Promise(opened => {
              globalThis.got = [];
              globalThis.source = new EventSource("/api/events?topic=entities/counter.c");
              source.onopen = () => opened();
              source.onmessage = message => got.push(JSON.parse(message.data).data.state);
              source.addEventListener("reset", () => got.push("reset"));
            })
            """);
        await SendAsync(feed, 1, 100);
        await GotAsync(page, 100);

        await server.KillAsync();
        await server.DisposeAsync();
        await using var successor = await ServerProcess.StartAsync(_data.Path, url, feed, "--Live:RetryTime=00:00:00.5");
        await SendAsync(feed, 101, 200);

        await GotAsync(page, 200);
        var got = await page.Page.EvaluateAsync<int[]>("() => got");
        Assert.Equal(Enumerable.Range(1, 200), got);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task Behind_a_proxy_without_WebSockets_the_dashboard_is_live_by_the_long_poll(bool refuses, int tries)
    {
        await using var server = await ServerProcess.StartAsync(_data.Path);
        await using var proxy = new SocketlessProxy(server.Url, refuses);
        await SendAsync(server.Feed, 1, 1);
        await using var page = await browser.OpenAsync(proxy.Url);
        await Expect(page.State("counter.c")).ToHaveTextAsync("1");

        await Expect(page.Connection).ToHaveTextAsync("Live");
        await SendAsync(server.Feed, 2, 2);

        await Expect(page.State("counter.c")).ToHaveTextAsync("2");
        Assert.Equal(tries, proxy.HeldBack);
    }

    private static async Task SendAsync(System.Net.IPEndPoint to, int first, int last)
    {
        await using var feed = await FeedClient.ConnectAsync(to, acks: false);
        for (var n = first; n <= last; n++)
        {
            await feed.SendAsync($"<event><counter id=\"c\" state=\"{n.ToString(CultureInfo.InvariantCulture)}\"/></event>");
        }

        await feed.EndAsync();
    }

    private static async Task GotAsync(DashboardPage page, int count) =>
        await page.Page.WaitForFunctionAsync("count => got.length >= count", count);
}
