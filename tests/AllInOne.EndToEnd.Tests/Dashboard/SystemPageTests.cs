using AllInOne.EndToEnd.Tests.Running;
using AllInOne.TestKit;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AllInOne.EndToEnd.Tests.Dashboard;

/// <summary>The page that shows the running system: figures, feeds, the tree and its restarts.</summary>
[Collection(Browser.Collection)]
public sealed class SystemPageTests(Browser browser) : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task The_page_shows_the_figures_the_feeds_and_the_tree()
    {
        await using var server = await ServerProcess.StartAsync(_data.Path);
        await using var feed = await FeedClient.ConnectAsync(server.Feed, acks: false);
        await feed.SendAsync("<event><light id=\"hall\" state=\"on\"/></event>");
        await using var page = await browser.OpenAsync(new Uri(server.Url, "/#/system"));

        foreach (var label in (string[])["Uptime", "Memory", "Entities", "Events", "Rows stored", "Write queue"])
        {
            await Expect(page.Page.Locator(".figure dt", new() { HasTextString = label })).ToBeVisibleAsync();
        }

        foreach (var module in (string[])["storage", "live", "entities", "feeds", "http"])
        {
            await Expect(Row(page, $"/user/{module}")).ToBeVisibleAsync();
        }

        foreach (var file in (string[])["allinone.db", "history.db", "state.db"])
        {
            await Expect(page.Area("Database files")).ToContainTextAsync(file);
        }

        await Expect(page.Area("Feeds")).ToContainTextAsync($"listens on {server.Feed}");
        await Expect(page.Area("Feeds").Locator(".counters")).ToContainTextAsync("1 events");
        await Expect(Row(page, "/user/feeds/xml/1")).ToBeVisibleAsync();
        page.AssertNoComplaints();
    }

    [Fact]
    public async Task A_restart_is_asked_for_twice_and_then_counted()
    {
        await using var server = await ServerProcess.StartAsync(_data.Path);
        await using var page = await browser.OpenAsync(new Uri(server.Url, "/#/system"));
        var restart = page.Page.GetByRole(AriaRole.Button, new() { Name = "Restart live" });
        var dialog = page.Page.GetByRole(AriaRole.Dialog);

        await restart.ClickAsync();
        await Expect(dialog).ToContainTextAsync("Restart /user/live?");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(Row(page, "/user/live").Locator("[data-restarts]")).ToHaveCountAsync(0);

        await restart.ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Restart", Exact = true }).ClickAsync();
        await Expect(Row(page, "/user/live")).ToContainTextAsync("1 restart");
        page.AssertNoComplaints();
    }

    [Fact]
    public async Task Entities_are_opened_on_request()
    {
        await using var server = await ServerProcess.StartAsync(_data.Path);
        await using var feed = await FeedClient.ConnectAsync(server.Feed, acks: false);
        for (var i = 0; i < 20; i++)
        {
            await feed.SendAsync($"<event><light id=\"l{i}\" state=\"on\"/></event>");
        }

        await using var page = await browser.OpenAsync(new Uri(server.Url, "/#/system"));
        await Expect(Row(page, "/user/entities")).ToContainTextAsync("20 children");
        await Expect(Row(page, "/user/entities/light.l7")).ToHaveCountAsync(0);

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Children of entities" }).ClickAsync();
        await Expect(Row(page, "/user/entities/light.l7")).ToBeVisibleAsync();
        page.AssertNoComplaints();
    }

    private static ILocator Row(DashboardPage page, string path) => page.Page.Locator($".actor[data-path='{path}']");
}
