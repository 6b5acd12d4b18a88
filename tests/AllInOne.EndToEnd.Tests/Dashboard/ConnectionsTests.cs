using System.Net.Http.Json;
using System.Text.Json;
using AllInOne.EndToEnd.Tests.Running;
using AllInOne.TestKit;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AllInOne.EndToEnd.Tests.Dashboard;

/// <summary>A browser opens at most six connections to a server over HTTP/1.1, for all its pages together. So no page may keep one.</summary>
[Collection(Browser.Collection)]
public sealed class ConnectionsTests(Browser browser) : IDisposable
{
    private const int MoreThanConnections = 8;

    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Eight_tabs_of_one_browser_are_all_live()
    {
        await using var server = await ServerProcess.StartAsync(_data.Path);
        await server.Http.PutStateAsync("light.hall", "off");
        var first = await browser.OpenAsync(server.Url);
        await using (first)
        {
            List<DashboardPage> tabs = [first];
            while (tabs.Count < MoreThanConnections)
            {
                tabs.Add(await first.OpenTabAsync(server.Url));
            }

            foreach (var tab in tabs)
            {
                await Expect(tab.Connection).ToHaveTextAsync("Live");
            }

            await server.Http.PutStateAsync("light.hall", "on");
            foreach (var tab in tabs)
            {
                await Expect(tab.State("light.hall")).ToHaveTextAsync("On");
                tab.AssertNoComplaints();
            }

            Assert.Equal(MoreThanConnections, await LiveConnectionsAsync(server));
        }

        await Eventually.Async(async () => await LiveConnectionsAsync(server) == 0, () => "connections are left of pages that were closed");
    }

    [Fact]
    public async Task Pages_that_were_left_hold_no_connection_and_are_current_when_the_user_goes_back()
    {
        await using var server = await ServerProcess.StartAsync(_data.Path);
        await server.Http.PutStateAsync("light.hall", "off");
        await using var page = await browser.OpenAsync(server.Url);
        await Expect(page.Connection).ToHaveTextAsync("Live");
        for (var visit = 1; visit < MoreThanConnections; visit++)
        {
            await page.MarkAsync();
            await page.Page.GotoAsync(new Uri(server.Url, $"/?visit={visit}").ToString());
            await Expect(page.Connection).ToHaveTextAsync("Live");
        }

        await Eventually.Async(async () => await LiveConnectionsAsync(server) == 1, () => "pages that were left hold connections");
        await server.Http.PutStateAsync("light.hall", "on");
        for (var visit = 1; visit < MoreThanConnections; visit++)
        {
            // A page from the cache is not loaded again, so there is no load event to wait for.
            await page.Page.GoBackAsync(new() { WaitUntil = WaitUntilState.Commit });
            await Expect(page.State("light.hall")).ToHaveTextAsync("On");
            await Expect(page.Connection).ToHaveTextAsync("Live");
            if (visit == 1)
            {
                await page.AssertNotReloadedAsync();
            }
        }

        await server.Http.PutStateAsync("light.hall", "off");
        await Expect(page.State("light.hall")).ToHaveTextAsync("Off");
        page.AssertNoComplaints();
    }

    [Fact]
    public async Task Endless_calculations_leave_connections_for_the_rest_of_the_page()
    {
        // The timeout is so long that an endless calculation waits for the page even on a slow machine.
        await using var server = await ServerProcess.StartAsync(_data.Path, null, null, "--Requests:Timeout=00:10:00");
        await using var page = await browser.OpenAsync(new Uri(server.Url, "/#/load"));
        for (var n = 0; n < MoreThanConnections; n++)
        {
            await page.Area("Calculate").GetByText("-1", new() { Exact = true }).First.ClickAsync();
        }

        await Expect(page.Page.Locator(".sum-list")).ToContainTextAsync("3 calculations run already");
        await page.Page.GotoAsync(new Uri(server.Url, "/#/system").ToString());
        await Expect(page.Area("Database files")).ToContainTextAsync("allinone.db");
    }

    private static async Task<long> LiveConnectionsAsync(ServerProcess server)
    {
        var live = (await server.Http.GetFromJsonAsync<JsonElement>("/api/system")).GetProperty("live");
        return live.GetProperty("longPolls").GetInt64() + live.GetProperty("sse").GetInt64() + live.GetProperty("webSockets").GetInt64();
    }
}
