using AllInOne.EndToEnd.Tests.Running;
using AllInOne.TestKit;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AllInOne.EndToEnd.Tests.Dashboard;

/// <summary>The demo home on a phone and on a desktop, light and dark; keyboard, filter, many entities.</summary>
[Collection(Browser.Collection)]
public sealed class LookTests(Browser browser) : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task The_demo_home_fits_phone_and_desktop_in_light_and_dark()
    {
        await using var server = await ServerProcess.StartAsync(_data.Path, null, null, "--demo");
        foreach (var (name, screen) in new[] { ("phone", Screen.Phone), ("desktop", Screen.Desktop) })
        {
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await using var page = await browser.OpenAsync(server.Url, screen, scheme);
                await Expect(page.Page.Locator("a.tile")).ToHaveCountAsync(40);
                await Expect(page.Area("Living room").Locator("a.tile")).ToHaveCountAsync(7);
                await page.Area("Matches").GetByRole(AriaRole.Button, new() { Name = "Show all 20" }).ClickAsync();
                await Expect(page.Page.Locator("a.match")).ToHaveCountAsync(20);
                await page.AssertFitsAsync();
                await page.Page.GetByRole(AriaRole.Button, new() { Name = "Show fewer" }).ClickAsync();
                await page.Page.EvaluateAsync("scrollTo(0, 0)");
                await page.PictureAsync($"home-{name}-{scheme}".ToLowerInvariant());

                Assert.Equal(scheme == ColorScheme.Dark, await IsDarkAsync(page));
                await VisitAsync(page, server, "/#/entities/sensor.kitchen_temperature", "Last changes", $"entity-{name}-{scheme}");
                await VisitAsync(page, server, "/#/entities/match.1001", "Last changes", $"match-{name}-{scheme}");
                await VisitAsync(page, server, "/#/system", "Feeds", $"system-{name}-{scheme}");
                await VisitAsync(page, server, "/#/no/such/page", "There is no such page", $"missing-{name}-{scheme}");
                page.AssertNoComplaints();
            }
        }
    }

    [Fact]
    public async Task A_chosen_theme_stays_over_a_reload()
    {
        await using var server = await ServerProcess.StartAsync(_data.Path);
        await using var page = await browser.OpenAsync(server.Url);
        var theme = page.Page.GetByTestId("theme");
        await Expect(theme).ToHaveAttributeAsync("aria-label", "Theme: as the system");

        await theme.ClickAsync();
        await theme.ClickAsync();
        await Expect(theme).ToHaveAttributeAsync("aria-label", "Theme: dark");
        Assert.True(await IsDarkAsync(page));

        await page.Page.ReloadAsync();
        await Expect(theme).ToHaveAttributeAsync("aria-label", "Theme: dark");
        Assert.True(await IsDarkAsync(page));
    }

    [Fact]
    public async Task The_page_can_be_used_by_keyboard_alone()
    {
        await using var server = await ServerProcess.StartAsync(_data.Path, null, null, "--demo");
        await using var page = await browser.OpenAsync(server.Url);
        await Expect(page.Page.Locator("a.tile")).ToHaveCountAsync(40);

        await page.Page.Keyboard.PressAsync("/");
        await Expect(page.Filter).ToBeFocusedAsync();
        await page.Page.Keyboard.TypeAsync("bath humid");
        await Expect(page.Page.Locator("a.tile")).ToHaveCountAsync(1);
        await page.Page.Keyboard.PressAsync("Escape");
        await Expect(page.Page.Locator("a.tile")).ToHaveCountAsync(40);

        await page.Page.Keyboard.TypeAsync("hall front door");
        await Expect(page.Page.Locator("a.tile")).ToHaveCountAsync(1);
        for (var presses = 0; presses < 12 && !await IsFocusedAsync(page, "binary_sensor.hall_front_door"); presses++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
        }

        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = "Front door" })).ToBeVisibleAsync();
        page.AssertNoComplaints();
    }

    [Fact]
    public async Task The_key_of_the_filter_works_as_soon_as_the_filter_is_shown()
    {
        await using var server = await ServerProcess.StartAsync(_data.Path);
        await server.Http.PutStateAsync("light.hall", "on");
        await using var page = await browser.OpenAsync(new Uri("about:blank"));

        // An observer is called before the next frame and before any timer, so no user can press the key earlier.
        await page.Page.AddInitScriptAsync(
            """
            new MutationObserver((_, observer) => {
              const box = document.querySelector("input[type=search]");
              if (box === null) return;
              observer.disconnect();
              document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "/", bubbles: true, cancelable: true }));
              window.focused = document.activeElement === box;
            }).observe(document, { subtree: true, childList: true });
            """);
        await page.Page.GotoAsync(server.Url.ToString());

        await Expect(page.Filter).ToBeVisibleAsync();
        Assert.True(await page.Page.EvaluateAsync<bool>("window.focused"));
    }

    [Fact]
    public async Task A_thousand_entities_are_folded_and_an_event_touches_one_tile()
    {
        const int Count = 1200;
        await using var server = await ServerProcess.StartAsync(_data.Path);
        await using var feed = await FeedClient.ConnectAsync(server.Feed, acks: true);
        for (var i = 0; i < Count; i++)
        {
            await feed.SendAsync($"<event><sensor id=\"probe_{i}\" area=\"Plant\" state=\"{i}\"/></event>");
        }

        await Eventually.Async(() => Task.FromResult(feed.Acknowledged == Count), () => "not all were taken");
        await using var page = await browser.OpenAsync(server.Url);
        await Expect(page.Page.Locator("a.tile")).ToHaveCountAsync(24);
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Show all 1,200" }).ClickAsync();
        await Expect(page.Page.Locator("a.tile")).ToHaveCountAsync(Count);

        // Records each tile that changes. The texts of ages do not count, because they change with the clock.
        await page.Page.EvaluateAsync(
            """
            () => {
              window.touched = new Set();
              new MutationObserver((records) => {
                for (const { target } of records) {
                  const element = target.nodeType === 1 ? target : target.parentElement;
                  if (!element.closest("time")) window.touched.add(element.closest("a.tile")?.dataset.id ?? element.tagName);
                }
              }).observe(document.querySelector("main"), { subtree: true, childList: true, attributes: true, characterData: true });
            }
            """);
        await feed.SendAsync("<event><sensor id=\"probe_700\" state=\"-1\"/></event>");
        await Expect(page.State("sensor.probe_700")).ToHaveTextAsync("-1");
        Assert.Equal(["sensor.probe_700"], await page.Page.EvaluateAsync<string[]>("[...window.touched]"));
        page.AssertNoComplaints();
    }

    [Fact]
    public async Task An_error_is_shown_in_the_servers_words()
    {
        await using var server = await ServerProcess.StartAsync(_data.Path);
        await using var page = await browser.OpenAsync(new Uri("about:blank"));
        await page.Page.RouteAsync("**/api/entities?*", route => route.FulfillAsync(new()
        {
            Status = 503,
            ContentType = "application/problem+json",
            Body = """{"title":"Service Unavailable","status":503,"detail":"Entities are being restored."}""",
        }));

        await page.Page.GotoAsync(server.Url.ToString());
        await Expect(page.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Entities are being restored.");
        await Expect(page.Connection).Not.ToHaveTextAsync("Live");

        await page.Page.UnrouteAllAsync();
        await Expect(page.Connection).ToHaveTextAsync("Live");
        await Expect(page.Page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
    }

    private static async Task VisitAsync(DashboardPage page, ServerProcess server, string path, string heading, string picture)
    {
        await page.Page.GotoAsync(new Uri(server.Url, path).ToString());
        await Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = heading })).ToBeVisibleAsync();
        await page.AssertFitsAsync();
        await page.PictureAsync(picture.ToLowerInvariant());
    }

    private static Task<bool> IsDarkAsync(DashboardPage page) => page.Page.EvaluateAsync<bool>(
        "() => { const [r, g, b] = getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g).map(Number); return r + g + b < 200; }");

    private static Task<bool> IsFocusedAsync(DashboardPage page, string id) =>
        page.Page.EvaluateAsync<bool>("id => document.activeElement?.dataset.id === id", id);
}
