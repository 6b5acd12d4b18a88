using System.Net;
using System.Net.Http.Json;
using AllInOne.EndToEnd.Tests.Running;
using AllInOne.TestKit;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AllInOne.EndToEnd.Tests.Dashboard;

/// <summary>Entities with names, texts and numbers that no device should send. The other entities are displayed as usual.</summary>
[Collection(Browser.Collection)]
public sealed class HostileEntitiesTests(Browser browser) : IDisposable
{
    /// <summary>The names of members that every object in JavaScript has.</summary>
    private static readonly string[] Names =
    [
        "constructor", "toString", "__proto__", "hasOwnProperty", "valueOf", "isPrototypeOf", "then", "length", "toJSON", "prototype",
    ];

    private static readonly string LongWord = new('a', 110);
    private static readonly string LongArea = new('W', 60);

    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Names_of_JavaScripts_own_members_are_names_like_others()
    {
        await using var server = await ServerProcess.StartAsync(_data.Path);
        await PutAsync(server, "sensor.fine", new { state = 21.5, @class = "temperature", area = "Fine" });
        await using var feed = await FeedClient.ConnectAsync(server.Feed, acks: false);
        await feed.SendAsync("<event><sensor id=\"odd\" class=\"constructor\" state=\"5\" area=\"Numbers\"/><constructor id=\"fed\" state=\"7\" area=\"Domains\"/></event>");
        for (var i = 0; i < Names.Length; i++)
        {
            var name = Names[i];
            await PutAsync(server, $"sensor.number_{i}", new { state = 5, @class = name, area = "Numbers" });
            await PutAsync(server, $"sensor.all_{i}", new { state = name, @class = name, unit = name, area = name, name, attributes = new Dictionary<string, string> { [name] = name } });
            if (name.All(char.IsAsciiLetterLower))
            {
                await PutAsync(server, $"{name}.x", new { state = 3, area = "Domains" });
                await PutAsync(server, $"sensor.{name}", new { state = "on", area = "Domains" });
            }
        }

        await using var page = await browser.OpenAsync(server.Url);
        await Expect(page.State("sensor.odd")).ToHaveTextAsync("5");
        await Expect(page.State("constructor.fed")).ToHaveTextAsync("7");
        await Expect(page.State("sensor.fine")).ToHaveTextAsync("21.5");
        await Expect(page.Area("Numbers").Locator("a.tile")).ToHaveCountAsync(Names.Length + 1);
        for (var i = 0; i < Names.Length; i++)
        {
            await Expect(page.Area(Names[i]).Locator("a.tile")).ToHaveCountAsync(1);
            await page.Page.GotoAsync(new Uri(server.Url, $"/#/entities/sensor.all_{i}").ToString());
            await Expect(page.Area("Last changes").Locator("li")).ToHaveCountAsync(1);
            await page.Page.GotoAsync(new Uri(server.Url, $"/#/{Names[i]}").ToString());
            await Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = "There is no such page" })).ToBeVisibleAsync();
            await page.Page.GotoAsync(new Uri(server.Url, "/#/").ToString());
        }

        await page.Page.GotoAsync(new Uri(server.Url, "/#/system").ToString());
        await Expect(page.Area("Database files")).ToBeVisibleAsync();
        await Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = "Home" })).ToHaveCountAsync(0);
        page.AssertNoComplaints();
    }

    [Fact]
    public async Task A_tile_that_cannot_be_drawn_is_a_plain_tile_until_its_entity_changes()
    {
        await using var server = await ServerProcess.StartAsync(_data.Path);
        foreach (var state in new[] { 1, 2, 3, 13 })
        {
            await PutAsync(server, "sensor.bad", new { state, area = "Kitchen" });
        }

        await PutAsync(server, "sensor.good", new { state = 4, area = "Kitchen" });
        await using var page = await browser.OpenAsync(new Uri("about:blank"));
        await page.Page.RouteAsync("**/components/charts/spark.js", route => route.FulfillAsync(new()
        {
            ContentType = "text/javascript",
            Body = "export const Spark = ({ values }) => { if (values.at(-1) === 13) throw new Error('a fault of the dashboard'); return null; };",
        }));
        await page.Page.GotoAsync(server.Url.ToString());

        await Expect(page.State("sensor.bad")).ToHaveTextAsync("Cannot be shown");
        await Expect(page.State("sensor.good")).ToHaveTextAsync("4");

        await PutAsync(server, "sensor.bad", new { state = 14, area = "Kitchen" });
        await Expect(page.State("sensor.bad")).ToHaveTextAsync("14");
    }

    [Fact]
    public async Task Long_texts_and_large_numbers_stay_within_the_page()
    {
        await using var server = await ServerProcess.StartAsync(_data.Path);
        await PutAsync(server, "sensor.url", new
        {
            state = "https://example.org/" + LongWord, area = "Kitchen", name = LongWord,
            attributes = new Dictionary<string, string> { ["k" + LongWord[..60]] = LongWord, ["url"] = "https://example.org/" + LongWord },
        });
        foreach (var state in new[] { 1, -1e308, 1e308, 2, 1e308 })
        {
            await PutAsync(server, "sensor.huge", new { state, @class = "temperature", area = "Kitchen", unit = LongWord[..40] });
        }

        await PutAsync(server, "sensor.huge_2", new { state = 1e308, @class = "temperature", area = LongArea });
        await PutAsync(server, "sensor.huge_3", new { state = 1e308, @class = "temperature", area = LongArea });
        await PutAsync(server, "sensor.power_1", new { state = 1e308, @class = "power", area = LongArea });
        await PutAsync(server, "sensor.power_2", new { state = 1e308, @class = "power", area = LongArea });
        await PutAsync(server, "sensor.tiny", new { state = 1e-300, area = "مطبخ", name = "שלום " + LongWord });
        await PutAsync(server, "sensor." + LongWord[..50], new { state = string.Concat(Enumerable.Repeat("😀", 60)), area = "😀" });
        await PutAsync(server, "match.long", new
        {
            state = "live", attributes = new { home_team = LongWord, away_team = LongWord, home = 1e308, away = LongWord, minute = 1e20 },
        });
        string[] paths =
        [
            "/#/", "/#/load", "/#/system", "/#/" + LongWord, "/#/entities/sensor.url", "/#/entities/sensor.huge", "/#/entities/sensor.tiny",
            "/#/entities/match.long", "/#/entities/sensor." + LongWord[..50],
        ];
        foreach (var width in new[] { 320, 390, 768, 1280 })
        {
            var scheme = width == 390 ? ColorScheme.Dark : ColorScheme.Light;
            await using var page = await browser.OpenAsync(server.Url, new Screen(width, 800, 1, Touch: false), scheme);
            await Expect(page.State("sensor.huge_2")).ToHaveTextAsync("1e308");
            await Expect(page.State("sensor.tiny")).ToHaveTextAsync("1e-300");
            await Expect(page.Area(LongArea).Locator(".facts")).ToContainTextAsync("1e308 °C");
            await Expect(page.Page.Locator("main")).Not.ToContainTextAsync("∞");
            foreach (var path in paths)
            {
                await page.Page.GotoAsync(new Uri(server.Url, path).ToString());
                var entity = path.Contains("entities", StringComparison.Ordinal);
                await Expect(page.Page.Locator(entity ? ".change-list li" : "main > *").First).ToBeVisibleAsync();
                await page.AssertFitsAsync();
            }

            page.AssertNoComplaints();
        }
    }

    [Fact]
    public async Task A_number_is_never_cut_off_in_its_tile()
    {
        (double State, string Seen)[] all =
        [
            (123456789012345678901234567890d, "1.23e29"), (1.7976931348623157e308, "1.8e308"), (-1.7976931348623157e308, "-1.8e308"),
            (-1.23456e-300, "-1.23e-300"), (-123456789012, "-1.23e11"), (-123456789.125, "-1.23e8"), (123456789.125, "123,456,789"), (1234567.875, "1,234,568"),
            (12345.678, "12,345.678"), (1013.25, "1,013.25"), (21.5, "21.5"),
        ];
        await using var server = await ServerProcess.StartAsync(_data.Path);
        for (var i = 0; i < all.Length; i++)
        {
            await PutAsync(server, $"sensor.number_{i}", new { state = all[i].State, unit = "kWh/(m²·a)", area = "Numbers" });
        }

        await PutAsync(server, "match.large", new { state = "live", attributes = new { home_team = "A", away_team = "B", home = all[0].State, away = all[1].State, minute = 1.2345e20 } });
        foreach (var width in new[] { 320, 390, 768, 1280 })
        {
            await using var page = await browser.OpenAsync(server.Url, new Screen(width, 800, 1, Touch: false));
            for (var i = 0; i < all.Length; i++)
            {
                await Expect(page.State($"sensor.number_{i}")).ToHaveTextAsync(all[i].Seen + "kWh/(m²·a)");
            }

            var cut = await page.Page.Locator(".tile-state, .match-clock, .match-team b").EvaluateAllAsync<string[]>(
                "all => all.filter(e => e.scrollWidth > e.clientWidth).map(e => `${e.className} ${e.textContent}`)");
            await page.PictureAsync($"numbers-{width}");
            Assert.Empty(cut);
        }
    }

    private static async Task PutAsync(ServerProcess server, string id, object entity)
    {
        using var response = await server.Http.PutAsJsonAsync($"/api/entities/{id}", entity);
        Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created, $"{id}: {await response.Content.ReadAsStringAsync()}");
    }
}
