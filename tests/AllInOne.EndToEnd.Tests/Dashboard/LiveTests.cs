using AllInOne.EndToEnd.Tests.Running;
using AllInOne.TestKit;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AllInOne.EndToEnd.Tests.Dashboard;

/// <summary>The page shows the events of the feed as they happen.</summary>
[Collection(Browser.Collection)]
public sealed class LiveTests(Browser browser) : IAsyncLifetime, IDisposable
{
    private readonly TemporaryDirectory _data = new();
    private ServerProcess _server = null!;
    private FeedClient _feed = null!;

    public async Task InitializeAsync()
    {
        _server = await ServerProcess.StartAsync(_data.Path);
        _feed = await FeedClient.ConnectAsync(_server.Feed, acks: false);
    }

    public async Task DisposeAsync()
    {
        await _feed.DisposeAsync();
        await _server.DisposeAsync();
    }

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task The_first_event_takes_the_place_of_the_empty_page()
    {
        await using var page = await browser.OpenAsync(_server.Url);
        await Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = "No entities yet" })).ToBeVisibleAsync();
        await Expect(page.Page.Locator(".command").First).ToContainTextAsync($"> /dev/tcp/127.0.0.1/{_server.Feed.Port}");
        await page.MarkAsync();

        await TemperatureAsync("21.5");

        await Expect(page.State("sensor.kitchen_temperature")).ToHaveTextAsync("21.5°C");
        await Expect(page.Area("Kitchen").Locator("a.tile")).ToHaveCountAsync(1);
        await page.AssertNotReloadedAsync();
        page.AssertNoComplaints();
    }

    [Fact]
    public async Task A_tile_changes_as_the_state_does()
    {
        await TemperatureAsync("21.5");
        await _feed.SendAsync("<event><light id=\"hall\" name=\"Hall light\" area=\"Hall\" state=\"off\"/></event>");
        await using var page = await browser.OpenAsync(_server.Url);
        await Expect(page.State("light.hall")).ToHaveTextAsync("Off");
        await Expect(page.Connection).ToHaveTextAsync("Live");
        await page.MarkAsync();

        foreach (var (sent, seen) in new[] { ("on", "On"), ("off", "Off"), ("on", "On") })
        {
            await _feed.SendAsync($"<event><light id=\"hall\" state=\"{sent}\"/></event>");
            await Expect(page.State("light.hall")).ToHaveTextAsync(seen);
        }

        await TemperatureAsync("22");
        await Expect(page.State("sensor.kitchen_temperature")).ToHaveTextAsync("22.0°C");
        await page.AssertNotReloadedAsync();
        page.AssertNoComplaints();
    }

    [Fact]
    public async Task Entities_appear_move_and_disappear_while_the_page_is_open()
    {
        await TemperatureAsync("21.5");
        await using var page = await browser.OpenAsync(_server.Url);
        await Expect(page.Tile("sensor.kitchen_temperature")).ToBeVisibleAsync();
        await page.MarkAsync();

        await _feed.SendAsync("<event><switch id=\"pump\">on</switch></event>");
        await Expect(page.Area("Other").Locator("a.tile")).ToHaveCountAsync(1);

        await _feed.SendAsync("<event><switch id=\"pump\" area=\"Garden\"/></event>");
        await Expect(page.Area("Garden").Locator("a.tile")).ToHaveCountAsync(1);
        await Expect(page.Area("Other")).ToHaveCountAsync(0);

        using var deleted = await _server.Http.DeleteAsync(new Uri("/api/entities/switch.pump", UriKind.Relative));
        await Expect(page.Tile("switch.pump")).ToHaveCountAsync(0);

        await _feed.SendAsync("<event><switch id=\"pump\">off</switch></event>");
        await Expect(page.State("switch.pump")).ToHaveTextAsync("Off");
        await page.AssertNotReloadedAsync();
        page.AssertNoComplaints();
    }

    [Fact]
    public async Task The_score_board_shows_the_running_matches_first()
    {
        await _feed.SendAsync(
            "<event><match id=\"1\" home=\"0\" away=\"0\" minute=\"12\" home_team=\"Oakham\" away_team=\"Marlow\" status=\"live\"/>"
            + "<match id=\"2\" home=\"3\" away=\"1\" minute=\"90\" home_team=\"Foxley\" away_team=\"Redstone\" status=\"finished\"/>"
            + "<match id=\"3\" home=\"1\" away=\"1\" minute=\"67\" home_team=\"Millford\" away_team=\"Windmere\" status=\"live\"/></event>");
        await using var page = await browser.OpenAsync(_server.Url);
        var board = page.Area("Matches").Locator("a.match");
        await Expect(board).ToHaveCountAsync(3);
        Assert.Equal(["match.3", "match.1", "match.2"], await IdsAsync(board));
        await Expect(page.Match("match.1")).ToContainTextAsync("12′");

        await _feed.SendAsync("<event><match id=\"1\" home=\"1\" minute=\"68\"/></event>");
        await Expect(page.Match("match.1").Locator("b").First).ToHaveTextAsync("1");
        await Expect(page.Match("match.1")).ToContainTextAsync("68′");
        await Eventually.Async(
            async () => (await IdsAsync(board)).SequenceEqual(["match.1", "match.3", "match.2"]), () => "the order does not follow the game");
        page.AssertNoComplaints();
    }

    [Fact]
    public async Task The_page_of_an_entity_shows_its_attributes_and_its_changes_as_they_happen()
    {
        foreach (var state in (string[])["20", "20.4", "20.9", "21.5"])
        {
            await _feed.SendAsync(
                $"<event><sensor id=\"kitchen_temperature\" name=\"Kitchen temperature\" area=\"Kitchen\" unit=\"°C\" class=\"temperature\" battery=\"87\" state=\"{state}\"/></event>");
        }

        await using var page = await browser.OpenAsync(_server.Url);
        await page.Tile("sensor.kitchen_temperature").ClickAsync();

        await Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = "Temperature", Exact = true })).ToBeVisibleAsync();
        await Expect(page.Page).ToHaveTitleAsync("sensor.kitchen_temperature · AllInOne");
        await Expect(page.Page.GetByTestId("state")).ToHaveTextAsync("21.5°C");
        await Expect(page.Area("Attributes")).ToContainTextAsync("Battery87");
        var changes = page.Page.Locator(".change-list li b");
        await Expect(changes).ToHaveTextAsync(["21.5 °C", "20.9 °C", "20.4 °C", "20.0 °C"]);
        await Expect(page.Page.Locator(".chart .line")).ToBeVisibleAsync();

        await TemperatureAsync("22.1");
        await Expect(page.Page.GetByTestId("state")).ToHaveTextAsync("22.1°C");
        await Expect(changes.First).ToHaveTextAsync("22.1 °C");
        await Expect(changes).ToHaveCountAsync(5);
        page.AssertNoComplaints();
    }

    [Fact]
    public async Task A_missing_entity_is_shown_as_missing()
    {
        await using var page = await browser.OpenAsync(new Uri(_server.Url, "/entities/light.nowhere"));

        await Expect(page.Page.GetByText("There is no entity light.nowhere")).ToBeVisibleAsync();
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "To the home page" }).ClickAsync();
        await Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = "No entities yet" })).ToBeVisibleAsync();
    }

    private Task TemperatureAsync(string state) => _feed.SendAsync(
        $"<event><sensor id=\"kitchen_temperature\" name=\"Kitchen temperature\" area=\"Kitchen\" unit=\"°C\" class=\"temperature\" state=\"{state}\"/></event>");

    private static async Task<IReadOnlyList<string>> IdsAsync(ILocator tiles) =>
        await tiles.EvaluateAllAsync<string[]>("tiles => tiles.map(tile => tile.dataset.id)");
}
