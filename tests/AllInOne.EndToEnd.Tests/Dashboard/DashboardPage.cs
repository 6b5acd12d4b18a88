using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace AllInOne.EndToEnd.Tests.Dashboard;

/// <summary>The dashboard in a browser, as a person sees it, with the messages of its console.</summary>
public sealed class DashboardPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = new();

    public DashboardPage(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.PageError += (_, error) => _complaints.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Enqueue($"{message.Type}: {message.Text} {message.Location}");
            }
        };
    }

    public IPage Page { get; }

    /// <summary>The errors and warnings of its console so far.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>Opens another tab of the same browser.</summary>
    /// <param name="address">The page to open.</param>
    public async Task<DashboardPage> OpenTabAsync(Uri address)
    {
        var tab = new DashboardPage(_context, await _context.NewPageAsync());
        await tab.Page.GotoAsync(address.ToString());
        return tab;
    }

    public ILocator Connection => Page.Locator(".connection");

    public ILocator Filter => Page.GetByRole(AriaRole.Searchbox);

    public ILocator Tile(string id) => Page.Locator($"a.tile[data-id='{id}']");

    public ILocator State(string id) => Tile(id).Locator(".tile-state");

    public ILocator Match(string id) => Page.Locator($"a.match[data-id='{id}']");

    public ILocator Area(string name) => Page.GetByRole(AriaRole.Region, new() { Name = name, Exact = true });

    /// <summary>Leaves a mark that a reload would remove.</summary>
    public Task MarkAsync() => Page.EvaluateAsync("window.mark = true");

    public async Task AssertNotReloadedAsync() => Assert.True(await Page.EvaluateAsync<bool>("window.mark === true"), "the page was loaded again");

    public void AssertNoComplaints() => Assert.Empty(Complaints);

    /// <summary>Asserts that no content is wider than the page, so that the page scrolls in one direction only.</summary>
    public async Task AssertFitsAsync()
    {
        var excess = await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(excess <= 0, $"{Page.Url} is {excess} pixels too wide");
    }

    /// <summary>Saves a screenshot if the environment variable ALLINONE_SCREENSHOTS names a directory.</summary>
    public async Task PictureAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("ALLINONE_SCREENSHOTS") is { Length: > 0 } directory)
        {
            await Page.ScreenshotAsync(new() { Path = Path.Combine(directory, name + ".png") });
        }
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
