using AllInOne.TestKit;
using Microsoft.Playwright;

namespace AllInOne.EndToEnd.Tests.Dashboard;

/// <summary>
/// One Chromium for all tests of the dashboard: the browser of the environment variable ALLINONE_CHROMIUM, otherwise Debian's. Each test
/// gets a separate context, so that no test sees the stored data of another.
/// </summary>
public sealed class Browser : IAsyncLifetime
{
    public const string Collection = "browser";

    private static readonly string[] Arguments =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    /// <summary>The time limit of every wait for a page, in milliseconds.</summary>
    private static readonly float Limit = (float)Until.Limit.TotalMilliseconds;

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(Limit);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("ALLINONE_CHROMIUM") ?? "/usr/bin/chromium",
            Args = Arguments,
            // Playwright switches off a function that every browser has: it keeps left pages with their connections.
            IgnoreDefaultArgs = ["--disable-back-forward-cache"],
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>Opens the dashboard in a new browser context.</summary>
    /// <param name="address">The page to open.</param>
    /// <param name="screen">The screen; a desktop's when null.</param>
    /// <param name="scheme">The colour scheme that the system prefers.</param>
    public async Task<DashboardPage> OpenAsync(Uri address, Screen? screen = null, ColorScheme scheme = ColorScheme.Light)
    {
        screen ??= Screen.Desktop;
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = screen.Width, Height = screen.Height },
            DeviceScaleFactor = screen.Scale,
            IsMobile = screen.Touch,
            HasTouch = screen.Touch,
            ColorScheme = scheme,
            Locale = "en-GB",
        });
        context.SetDefaultTimeout(Limit);
        var page = new DashboardPage(context, await context.NewPageAsync());
        await page.Page.GotoAsync(address.ToString());
        return page;
    }
}

/// <summary>A device's screen in CSS pixels.</summary>
public sealed record Screen(int Width, int Height, float Scale, bool Touch)
{
    public static Screen Desktop { get; } = new(1280, 800, 1, Touch: false);

    public static Screen Phone { get; } = new(360, 740, 2, Touch: true);
}

/// <summary>The collection of the tests that share the browser. They run one after another.</summary>
[CollectionDefinition(Browser.Collection)]
public sealed class BrowserGroup : ICollectionFixture<Browser>;
