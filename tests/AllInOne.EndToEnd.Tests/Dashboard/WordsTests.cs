using System.Net.Http.Json;
using AllInOne.EndToEnd.Tests.Running;
using AllInOne.TestKit;
using static Microsoft.Playwright.Assertions;

namespace AllInOne.EndToEnd.Tests.Dashboard;

/// <summary>The dashboard shows states in the words of Home Assistant.</summary>
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
            ("smoke_alarm.attic", "on", null, "Detected"), ("door_sensor.back", true, null, "Open"), ("smoke_alarm.room", "on", "heat", "Hot"),
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
    public async Task A_change_of_unit_begins_the_curve_again_and_is_no_difference()
    {
        await using var server = await ServerProcess.StartAsync(_data.Path);
        await PutAsync(server, "sensor.hist", new { state = 19, unit = "°C", @class = "temperature" });
        await PutAsync(server, "sensor.hist", new { state = 20, unit = "°C", @class = "temperature" });
        await PutAsync(server, "sensor.hist", new { state = 68, unit = "°F", @class = "temperature" });
        await PutAsync(server, "sensor.hist", new { state = 55, unit = "%", @class = "humidity" });
        await using var page = await browser.OpenAsync(new Uri(server.Url, "/#/entities/sensor.hist"));
        var (values, steps) = (page.Page.Locator(".change-list li b"), page.Page.Locator(".change-list li .change-step"));
        await Expect(values).ToHaveTextAsync(["55 %", "68.0 °F", "20.0 °C", "19.0 °C"]);
        await Expect(steps).ToHaveTextAsync(["", "", "+1.0", ""]);
        await Expect(page.Page.Locator(".chart")).ToHaveCountAsync(0);

        await PutAsync(server, "sensor.hist", new { state = 57, unit = "%", @class = "humidity" });
        await Expect(page.Page.Locator(".chart svg")).ToHaveAttributeAsync("aria-label", "2 values from 55 % to 57 %, the last 57 %");
        await Expect(page.Page.Locator(".chart-scale span")).ToHaveTextAsync(["57 %", "55 %"]);

        await PutAsync(server, "sensor.hist", new { state = 57, unit = "hPa", @class = "pressure" });
        await Expect(values).ToHaveTextAsync(["57 hPa", "57 %", "55 %", "68.0 °F", "20.0 °C", "19.0 °C"]);
        await Expect(steps).ToHaveTextAsync(["", "+2", "", "", "+1.0", ""]);
        await Expect(page.Page.Locator(".chart")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_curve_of_a_tile_has_values_of_one_unit()
    {
        await using var server = await ServerProcess.StartAsync(_data.Path);
        await PutAsync(server, "sensor.hist", new { state = 20, unit = "°C" });
        await using var page = await browser.OpenAsync(server.Url);
        var curve = page.Tile("sensor.hist").Locator(".spark");
        await ShowAsync(20, "°C");
        await ShowAsync(21, "°C");
        await ShowAsync(22, "°C");
        await Expect(curve).ToHaveCountAsync(0);
        await ShowAsync(23, "°C");
        await Expect(curve).ToHaveCountAsync(1);

        await ShowAsync(23, "°F");
        await Expect(curve).ToHaveCountAsync(0);
        await ShowAsync(69, "°F");
        await ShowAsync(70, "°F");
        await ShowAsync(71, "°F");
        await Expect(curve).ToHaveCountAsync(1);

        async Task ShowAsync(int state, string unit)
        {
            await PutAsync(server, "sensor.hist", new { state, unit });
            await Expect(page.State("sensor.hist")).ToHaveTextAsync($"{state}{unit}");
        }
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
