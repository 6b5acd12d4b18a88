using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using AllInOne.EndToEnd.Tests.Running;
using AllInOne.TestKit;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AllInOne.EndToEnd.Tests.Dashboard;

/// <summary>The demo of the talk on the page: load, a crash, and an endless calculation that is found and stopped.</summary>
[Collection(Browser.Collection)]
public sealed partial class LoadPageTests(Browser browser) : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task The_number_of_workers_is_set_and_their_jobs_are_shown()
    {
        await using var server = await ServerProcess.StartAsync(_data.Path);
        await using var page = await OpenAsync(server);
        await Expect(Workers(page)).ToHaveTextAsync("0");

        await page.Area("Workers").GetByRole(AriaRole.Button, new() { Name = "1,000", Exact = true }).ClickAsync();
        await Expect(Workers(page)).ToHaveTextAsync("1,000");
        await Expect(page.Area("Jobs per second").GetByTestId("now")).ToHaveTextAsync(AboutAThousand());
        await Expect(page.Area("Jobs per second").Locator(".line")).ToBeVisibleAsync();
        await Expect(page.Area("Processor").GetByTestId("now")).ToHaveTextAsync(Percent());
        Assert.Equal(1000, (await server.Http.GetFromJsonAsync<JsonElement>("/api/system/load")).GetProperty("workers").GetInt32());

        await page.Area("Workers").GetByLabel("Workers", new() { Exact = true }).Last.FillAsync("42");
        await page.Area("Workers").GetByRole(AriaRole.Button, new() { Name = "Set", Exact = true }).ClickAsync();
        await Expect(Workers(page)).ToHaveTextAsync("42");
        page.AssertNoComplaints();
    }

    [Fact]
    public async Task The_number_of_schedulers_is_set_beside_the_workers_and_the_jobs_continue()
    {
        var most = 2 * Environment.ProcessorCount;
        await using var server = await ServerProcess.StartAsync(_data.Path);
        await PostAsync(server, HttpMethod.Put, "/api/system/load", new { workers = 1000 });
        await using var page = await OpenAsync(server);
        await Expect(Schedulers(page)).ToHaveTextAsync($"{Environment.ProcessorCount}");

        await page.Area("Schedulers").GetByRole(AriaRole.Button, new() { Name = "1", Exact = true }).ClickAsync();
        await Expect(Schedulers(page)).ToHaveTextAsync("1");
        await Expect(page.Area("Schedulers")).ToContainTextAsync("thread runs the actors");
        await Expect(page.Area("Held up threads")).ToContainTextAsync("1 scheduler");
        await Expect(page.Area("Jobs per second").GetByTestId("now")).ToHaveTextAsync(AboutAThousand());

        await page.Area("Schedulers").GetByRole(AriaRole.Spinbutton).FillAsync($"{most}");
        await page.Area("Schedulers").GetByRole(AriaRole.Button, new() { Name = "Set", Exact = true }).ClickAsync();
        await Expect(Schedulers(page)).ToHaveTextAsync($"{most}");
        Assert.Equal(most, (await server.Http.GetFromJsonAsync<JsonElement>("/api/system/scheduler")).GetProperty("workers").GetInt32());

        await PostAsync(server, HttpMethod.Put, "/api/system/scheduler", new { workers = 2 });
        await Expect(Schedulers(page)).ToHaveTextAsync("2");
        await page.Area("Schedulers").GetByRole(AriaRole.Slider).PressAsync("Home");
        await Expect(Schedulers(page)).ToHaveTextAsync("1");
        page.AssertNoComplaints();
    }

    [Fact]
    public async Task An_endless_calculation_is_found_stopped_and_abandoned_while_others_are_answered()
    {
        // The timeout is so long that an endless calculation waits for the page even on a slow machine.
        await using var server = await ServerProcess.StartAsync(_data.Path, null, null, "--Requests:Timeout=00:10:00");
        await using var page = await OpenAsync(server);
        await CalculateAsync(page, -1);
        await CalculateAsync(page, 13);
        await CalculateAsync(page, 100);

        await Expect(Sum(page, 100)).ToContainTextAsync("5,050");
        await Expect(Sum(page, 13)).ToContainTextAsync("The calculation has crashed");
        await Expect(Sum(page, -1)).ToContainTextAsync("runs");
        var row = page.Area("Top actors").Locator(".top-row").Filter(new() { HasText = "Sum for" });
        await Expect(row).ToContainTextAsync("% busy");
        await Expect(page.Area("Held up threads").Locator(".top-row")).ToHaveCountAsync(1);

        await row.GetByRole(AriaRole.Button, new() { Name = "Stop /user/requests/" }).ClickAsync();
        await page.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Stop", Exact = true }).ClickAsync();

        await Expect(Sum(page, -1)).ToContainTextAsync("The calculation was stopped");
        await Expect(row).ToHaveCountAsync(0);
        await Expect(page.Area("Held up threads").Locator(".top-row")).ToContainTextAsync("Abandoned");
        await CalculateAsync(page, 10);
        await Expect(Sum(page, 10)).ToContainTextAsync("55");
    }

    [Fact]
    public async Task The_page_fits_phone_and_desktop_in_light_and_dark()
    {
        await using var server = await ServerProcess.StartAsync(_data.Path, null, null, "--Faults:Enabled=true", "--Faults:MaxDuration=01:00:00");
        await PostAsync(server, HttpMethod.Put, "/api/system/load", new { workers = 10_000 });
        await PostAsync(server, HttpMethod.Post, "/api/system/faults", new { kind = "crash", count = 2, seconds = 3600 });
        await PostAsync(server, HttpMethod.Post, "/api/system/faults", new { kind = "block", count = 1, seconds = 3600 });
        foreach (var (name, screen) in new[] { ("phone", Screen.Phone), ("desktop", Screen.Desktop) })
        {
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await using var page = await OpenAsync(server, screen, scheme);
                await CalculateAsync(page, 13);
                await Expect(Sum(page, 13)).ToContainTextAsync("crashed");
                await Expect(page.Area("Held up threads").Locator(".top-row")).ToHaveCountAsync(1);
                await page.Area("Top actors").GetByRole(AriaRole.Button, new() { Name = "Restarts" }).ClickAsync();
                await Expect(page.Area("Top actors").Locator(".top-row").First).ToContainTextAsync("/user/faults/crash-");
                await page.AssertFitsAsync();
                await page.Page.EvaluateAsync("scrollTo(0, 0)");
                await page.PictureAsync($"load-{name}-{scheme}".ToLowerInvariant());
                await page.Page.EvaluateAsync("scrollTo(0, document.documentElement.scrollHeight)");
                await page.PictureAsync($"load-top-{name}-{scheme}".ToLowerInvariant());
            }
        }
    }

    private Task<DashboardPage> OpenAsync(ServerProcess server, Screen? screen = null, ColorScheme scheme = ColorScheme.Light) =>
        browser.OpenAsync(new Uri(server.Url, "/#/load"), screen, scheme);

    private static ILocator Workers(DashboardPage page) => page.Area("Workers").GetByTestId("workers");

    private static ILocator Schedulers(DashboardPage page) => page.Area("Schedulers").GetByTestId("schedulers");

    private static ILocator Sum(DashboardPage page, int n) => page.Page.Locator($".sum-list li[data-n='{n}']");

    private static async Task CalculateAsync(DashboardPage page, int n)
    {
        await page.Area("Calculate").GetByLabel("n", new() { Exact = true }).FillAsync($"{n}");
        await page.Area("Calculate").GetByRole(AriaRole.Button, new() { Name = "Calculate" }).ClickAsync();
    }

    private static async Task PostAsync(ServerProcess server, HttpMethod method, string path, object body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        using var response = await server.Http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }

    [GeneratedRegex("^(9[5-9]\\d|1,0[0-4]\\d)$")]
    private static partial Regex AboutAThousand();

    [GeneratedRegex("^\\d+ %$")]
    private static partial Regex Percent();
}
