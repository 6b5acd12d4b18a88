using Akka.Actor;
using AllInOne.Core;
using AllInOne.Core.Supervision;
using AllInOne.Server.Configuration;
using AllInOne.Server.Endpoints;
using AllInOne.Server.Http.Limits;
using AllInOne.Server.Http.Site;
using AllInOne.Server.Logging;
using AllInOne.Server.Metrics;

namespace AllInOne.Server.Hosting;

/// <summary>
/// The running server: the supervision tree with the web host in it. It starts completely or not at all. Its disposal stops the tree from the bottom
/// up, so that all accepted data is stored.
/// </summary>
internal sealed partial class RunningServer : IAsyncDisposable
{
    private readonly WebHostSlot _slot;

    private RunningServer(SystemTree tree, WebHostSlot slot, RequestMemory answers) => (Tree, _slot, Answers) = (tree, slot, answers);

    public SystemTree Tree { get; }

    /// <summary>The memory of the answers of current requests.</summary>
    internal RequestMemory Answers { get; }

    /// <summary>The addresses of the dashboard and the API, with resolved ports.</summary>
    public IReadOnlyList<string> Urls => [.. _slot.Urls.Select(url => url.ToString())];

    /// <param name="settings">The valid configuration.</param>
    /// <param name="loggers">Outlives the server.</param>
    /// <param name="clock">The clock of the whole server.</param>
    public static async Task<RunningServer> StartAsync(ServerSettings settings, ILoggerFactory loggers, TimeProvider clock)
    {
        // For a developer, the browser shows edits of the dashboard's sources on reload.
        var files = new SiteFiles(settings.IsDevelopment ? SiteFiles.SourceFolder(AppContext.BaseDirectory) : null);
        var reserve = new MemoryReserve(settings.Memory.Available, settings.Options.Memory.Reserve, TimeProvider.System);
        var bodies = RequestMemory.OfBodies(settings.Options.Http.MaxBodyBytesInFlight, reserve);
        var answers = RequestMemory.OfAnswers(settings.Options.Http.MaxAnswerBytesInFlight, reserve);
        var log = loggers as ServerLog;
        var figures = new ProcessFigures(settings.Options.Node.NameInForce, clock, log?.Queues ?? [], settings.Limits, bodies, answers);
        var logger = loggers.CreateLogger<RunningServer>();
        foreach (var warning in settings.Warnings)
        {
            LogWarning(logger, warning);
        }

        WebHostSlot? slot = null;
        try
        {
            var tree = await SystemTree.StartAsync(
                settings.Options,
                started => HttpProps(slot = Slot(started, settings, loggers, files, figures, clock), started, loggers),
                clock, loggers, log?.ActorSettings);
            return new RunningServer(tree, slot!, answers);
        }
        catch (Exception failure)
        {
            // Throw the failure of the start, even if the stop throws too.
            await Disposal.RunAsync(() => Task.FromException(failure), () => slot is null ? Task.CompletedTask : slot.DisposeAsync().AsTask());
            throw;
        }
    }

    /// <summary>Stops the web host first, with its drain, because current requests still need the other parts.</summary>
    public ValueTask DisposeAsync() =>
        new(Disposal.RunAsync(() => _slot.DisposeAsync().AsTask(), () => Tree.DisposeAsync().AsTask()));

    private static WebHostSlot Slot(
        SystemTree tree, ServerSettings settings, ILoggerFactory loggers, SiteFiles files, ProcessFigures figures, TimeProvider clock) =>
        new(settings.Urls, urls => WebHost.Build(
            urls, settings.Options.Http, loggers, files, (routes, ending) => routes.MapServer(tree, figures, ending), figures.Requests, figures.Bodies, figures.Answers, clock));

    private static Props HttpProps(WebHostSlot slot, SystemTree tree, ILoggerFactory loggers)
    {
        var (readiness, logger) = (tree.Readiness, loggers.CreateLogger<HttpActor>());
        return Props.Create(() => new HttpActor(slot, readiness, logger));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Configuration: {Warning}")]
    private static partial void LogWarning(ILogger logger, string warning);
}
