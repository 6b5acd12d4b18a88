using AllInOne.TestKit;
using Microsoft.Playwright;

namespace AllInOne.EndToEnd.Tests.Dashboard;

/// <summary>
/// One Chromium for all tests of the dashboard: that of the environment variable ALLINONE_CHROMIUM, else Debian's. Each test
/// gets a context of its own, so that nothing stored by one is seen by another.
/// </summary>
public sealed class Browser : IAsyncLifetime
{
    public const string Collection = "browser";

    private static readonly string[] Arguments =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    /// <summary>How long a page may take for whatever a test waits for, in milliseconds.</summary>
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
            // Playwright switches off what every browser has: pages that were left are kept, with their connections.
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

    /// <summary>Opens the dashboard in a browser of its own.</summary>
    /// <param name="address">The page to open.</param>
    /// <param name="screen">A desktop's when null.</param>
    /// <param name="scheme">What the system prefers.</param>
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

/// <summary>Shares the browser; the tests in it run one after the other.</summary>
[CollectionDefinition(Browser.Collection)]
public sealed class BrowserGroup : ICollectionFixture<Browser>;
