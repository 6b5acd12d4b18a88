using System.Buffers;
using AllInOne.Core.Values;
using AllInOne.Server.Configuration;
using AllInOne.Server.Hosting;
using AllInOne.Server.Http;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Requests;
using AllInOne.Server.Http.Site;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace AllInOne.Server.Tests.Http;

/// <summary>The real web host with its whole pipeline on a free port, with endpoints for tests and without actors.</summary>
public sealed class PipelineServer : IAsyncLifetime, IDisposable
{
    private readonly LoggerFactory _loggers = new();
    private readonly DirectoryInfo _site = Directory.CreateTempSubdirectory("allinone-site-");
    private WebHost _host = null!;

    public HttpClient Client { get; private set; } = null!;

    public string SiteFolder => _site.FullName;

    internal RecordedLog Log { get; } = new();

    /// <summary>Released each time the handler of <c>PUT /api/held</c> begins to read a body.</summary>
    internal SemaphoreSlim BodyIsRead { get; } = new(0);

    public async Task InitializeAsync()
    {
        _loggers.AddProvider(Log);
        File.WriteAllText(Path.Combine(SiteFolder, "index.html"), "<!doctype html><script>one()</script><script src='x.js'></script>");
        File.WriteAllText(Path.Combine(SiteFolder, "app.mjs"), "export {};");
        File.WriteAllText(Path.Combine(SiteFolder, "icon.svg"), "<svg/>");
        File.WriteAllText(Path.Combine(SiteFolder, "app.webmanifest"), "{}");
        _host = WebHost.Build(
            ListenUrls.Parse("http://127.0.0.1:0"), new HttpOptions { MaxBodyBytes = 2048 }, _loggers, new SiteFiles(SiteFolder), (routes, _) => Map(routes));
        await _host.StartAsync();
        Client = new HttpClient { BaseAddress = new Uri(_host.Urls[0].ToString()) };
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    public void Dispose()
    {
        Client.Dispose();
        _loggers.Dispose();
        BodyIsRead.Dispose();
        _site.Delete(recursive: true);
    }

    private void Map(IEndpointRouteBuilder routes)
    {
        routes.MapRead("/api/things", (HttpRequest request) => QueryReader.None(request) ?? Json.Ok(new { unit = "°C" }));
        routes.MapPut("/api/things", async (HttpRequest request) =>
        {
            var (document, problem) = await JsonBody.ReadAsync(request);
            using (document)
            {
                return problem ?? Json.Ok(document!.RootElement.Clone());
            }
        });
        routes.MapPut("/api/held", async (HttpRequest request) =>
        {
            BodyIsRead.Release();
            return (await JsonBody.ReadAsync(request)).Problem ?? Json.Ok(1);
        });
        routes.MapRead("/api/torn", async (HttpContext context) =>
        {
            context.Response.BodyWriter.Write("half of it"u8);
            await Task.Yield();
            throw new InvalidOperationException("It broke under way.");
        });
        routes.MapRead("/api/crash", IResult () => throw new InvalidOperationException("secret reason"));
        routes.MapRead("/api/busy", () => Problem.Unavailable("Later.", TimeSpan.FromSeconds(2.5)));
        routes.MapRead("/api/full", IResult () => throw new UnavailableException("The queue is full."));
        // The exception comes from the runtime itself: no text can be that long.
        routes.MapRead("/api/memory", IResult () => Json.Ok(new string('x', int.MaxValue)));
        routes.MapRead("/healthz", () => "");
    }
}
