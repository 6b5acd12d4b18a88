using System.Diagnostics;
using AllInOne.EndToEnd.Tests.Running;
using AllInOne.TestKit;
using static Microsoft.Playwright.Assertions;

namespace AllInOne.EndToEnd.Tests.Dashboard;

/// <summary>The clients in examples/ work as they are described.</summary>
[Collection(Browser.Collection)]
public sealed class ExamplesTests(Browser browser) : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    private static string Folder { get; } = Path.GetFullPath(Path.Combine(ServerProcess.SourceDirectory, "../../examples"));

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task The_page_shows_all_three_ways_from_another_origin()
    {
        using var site = new AnsweringServer { Page = await File.ReadAllBytesAsync(Path.Combine(Folder, "live.html")) };
        await using var server = await ServerProcess.StartAsync(_data.Path, null, null, $"--Http:Cors:Origins:0={site.Origin}");
        await using var page = await browser.OpenAsync(new Uri(site.Origin));
        await page.Page.FillAsync("#server", server.Url.ToString().TrimEnd('/'));
        await page.Page.ClickAsync("#start");
        foreach (var way in (string[])["sse", "socket"])
        {
            await Expect(page.Page.Locator($"#{way} small")).ToHaveTextAsync("live");
        }

        await using var feed = await FeedClient.ConnectAsync(server.Feed, acks: false);
        await feed.SendAsync("<event><light id=\"hall\" state=\"on\"/></event>");

        foreach (var way in (string[])["poll", "sse", "socket"])
        {
            await Expect(page.Page.Locator($"#{way} li").First).ToHaveTextAsync("entities/light.hall \"on\"");
        }
    }

    [Fact]
    public async Task The_page_holds_no_stream_while_it_is_left_and_continues_where_it_was()
    {
        using var site = new AnsweringServer { Page = await File.ReadAllBytesAsync(Path.Combine(Folder, "live.html")) };
        await using var server = await ServerProcess.StartAsync(_data.Path, null, null, $"--Http:Cors:Origins:0={site.Origin}");
        await using var page = await browser.OpenAsync(new Uri(site.Origin));
        await page.Page.FillAsync("#server", server.Url.ToString().TrimEnd('/'));
        await page.Page.ClickAsync("#start");
        await Expect(page.Page.Locator("#sse small")).ToHaveTextAsync("live");
        await using var feed = await FeedClient.ConnectAsync(server.Feed, acks: false);
        await feed.SendAsync("<event><light id=\"hall\" state=\"on\"/></event>");
        await Expect(page.Page.Locator("#sse li").First).ToHaveTextAsync("entities/light.hall \"on\"");

        // Dispatches the event of the browser without its cache, because a page that is controlled from outside may not enter the cache.
        await page.Page.EvaluateAsync("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))");
        await Eventually.Async(
            async () => (await server.Http.GetStringAsync("/metrics")).Contains("allinone_live_connections{transport=\"sse\"} 0\n", StringComparison.Ordinal),
            () => "the stream is still open");
        await feed.SendAsync("<event><light id=\"hall\" state=\"off\"/></event>");
        await Expect(page.Page.Locator("#socket li").First).ToHaveTextAsync("entities/light.hall \"off\"");
        await page.Page.EvaluateAsync("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");

        await Expect(page.Page.Locator("#sse li").First).ToHaveTextAsync("entities/light.hall \"off\"");
    }

    [Theory]
    [InlineData("poll")]
    [InlineData("stream")]
    [InlineData("socket")]
    public async Task The_script_prints_events(string way)
    {
        await using var server = await ServerProcess.StartAsync(_data.Path);
        using var script = Process.Start(new ProcessStartInfo("bash", [Path.Combine(Folder, "live.sh"), way, "entities/*"])
        {
            RedirectStandardOutput = true,
            Environment = { ["URL"] = server.Url.ToString().TrimEnd('/') },
        })!;
        try
        {
            await using var feed = await FeedClient.ConnectAsync(server.Feed, acks: false);
            var line = script.StandardOutput.ReadLineAsync();
            // The script prints nothing before its first event. So events are sent until it has begun to follow.
            var n = 0;
            await Eventually.Async(
                async () =>
                {
                    await feed.SendAsync($"<event><counter id=\"c\" state=\"{++n}\"/></event>");
                    return line.IsCompleted;
                },
                () => "the script prints nothing");

            Assert.Contains("\"topic\":\"entities/counter.c\"", await line, StringComparison.Ordinal);
        }
        finally
        {
            script.Kill(entireProcessTree: true);
        }
    }
}
