using System.Net.Http.Json;
using AllInOne.EndToEnd.Tests.Running;
using AllInOne.TestKit;
using static Microsoft.Playwright.Assertions;

namespace AllInOne.EndToEnd.Tests.Dashboard;

/// <summary>States read in Home Assistant's words.</summary>
[Collection(Browser.Collection)]
public sealed class WordsTests(Browser browser) : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task A_state_reads_in_the_words_of_its_domain_and_class()
    {
        (string Id, object State, string? Class, string Seen)[] all =
        [
            ("cover.blind", "open", null, "Open"), ("cover.garage", "closed", "garage", "Closed"), ("cover.moving", "opening", "door", "Opening"),
            ("person.ann", "home", null, "Home"), ("person.bob", "not_home", null, "Away"), ("device_tracker.phone", true, null, "Home"),
            ("binary_sensor.smoke", "on", "smoke", "Detected"), ("binary_sensor.gas", false, "gas", "Clear"),
            ("binary_sensor.leak", "on", "moisture", "Wet"), ("binary_sensor.door", "on", "door", "Open"),
            ("binary_sensor.window", false, "window", "Closed"), ("binary_sensor.motion", "off", "motion", "Clear"),
            ("binary_sensor.weak", "on", "battery", "Low"), ("binary_sensor.plain", "on", null, "On"),
            ("lock.front", "locked", null, "Locked"), ("lock.back", true, "door", "Unlocked"), ("switch.heater", "on", "outlet", "On"),
            ("alarm_control_panel.house", "armed_away", null, "Armed away"), ("smoke.attic", "off", null, "Clear"),
        ];
        await using var server = await ServerProcess.StartAsync(_data.Path);
        foreach (var (id, state, kind, _) in all)
        {
            await PutAsync(server, id, new { state, @class = kind, area = "House" });
        }

        await using var page = await browser.OpenAsync(server.Url);
        foreach (var (id, _, _, seen) in all)
        {
            await Expect(page.State(id)).ToHaveTextAsync(seen);
        }

        page.AssertNoComplaints();
    }

    [Fact]
    public async Task Brightness_is_a_share_of_255_and_only_lights_are_counted_as_lights()
    {
        await using var server = await ServerProcess.StartAsync(_data.Path);
        await PutAsync(server, "light.dim", new { state = "on", area = "House", attributes = new { brightness = 128 } });
        await PutAsync(server, "light.percent", new { state = "on", area = "House", attributes = new { brightness_pct = 40 } });
        await PutAsync(server, "light.full", new { state = "on", area = "House", attributes = new { brightness = 255 } });
        await PutAsync(server, "switch.heater", new { state = "on", area = "House", attributes = new { brightness = 128 } });
        await PutAsync(server, "binary_sensor.bright", new { state = "on", area = "House", @class = "light" });
        await using var page = await browser.OpenAsync(server.Url);

        await Expect(page.State("light.dim")).ToHaveTextAsync("On50 %");
        await Expect(page.State("light.percent")).ToHaveTextAsync("On40 %");
        await Expect(page.State("light.full")).ToHaveTextAsync("On100 %");
        await Expect(page.State("switch.heater")).ToHaveTextAsync("On");
        await Expect(page.Page.Locator(".chip", new() { HasTextString = "Lights" })).ToContainTextAsync("3 on");
        await Expect(page.Area("House").Locator(".facts")).ToHaveTextAsync("3 lights on");
    }

    [Fact]
    public async Task A_past_change_reads_with_the_attributes_of_its_time()
    {
        await using var server = await ServerProcess.StartAsync(_data.Path);
        await PutAsync(server, "light.dim", new { state = "on", attributes = new { brightness = 255 } });
        await PutAsync(server, "light.dim", new { state = "off", attributes = new { brightness = 0 } });
        await using var page = await browser.OpenAsync(new Uri(server.Url, "/#/entities/light.dim"));
        var changes = page.Page.Locator(".change-list li b");
        await Expect(changes).ToHaveTextAsync(["Off", "On 100 %"]);

        await PutAsync(server, "light.dim", new { state = "on", attributes = new { brightness = 51 } });
        await Expect(changes).ToHaveTextAsync(["On 20 %", "Off", "On 100 %"]);
        await PutAsync(server, "light.dim", new { state = "off", attributes = new { brightness = 0 } });
        await Expect(changes).ToHaveTextAsync(["Off", "On 20 %", "Off", "On 100 %"]);
    }

    [Fact]
    public async Task A_time_reads_as_one_and_keeps_its_exact_text_in_the_title()
    {
        const string When = "2024-11-29T05:00:00+01:00";
        await using var server = await ServerProcess.StartAsync(_data.Path);
        await PutAsync(server, "sensor.boiler", new { state = When, @class = "timestamp", attributes = new { serviced = When } });
        await using var page = await browser.OpenAsync(server.Url);
        var time = page.State("sensor.boiler").Locator("time");
        await Expect(time).ToHaveAttributeAsync("datetime", When);
        await Expect(time).ToContainTextAsync("ago");

        await page.Tile("sensor.boiler").ClickAsync();
        var attribute = page.Area("Attributes").Locator("time");
        await Expect(attribute).ToHaveAttributeAsync("datetime", When);
        await Expect(attribute).ToContainTextAsync("Nov 2024");
        await Expect(page.Page.Locator("main")).Not.ToContainTextAsync(When);
    }

    private static async Task PutAsync(ServerProcess server, string id, object entity)
    {
        using var response = await server.Http.PutAsJsonAsync($"/api/entities/{id}", entity);
        response.EnsureSuccessStatusCode();
    }
}
