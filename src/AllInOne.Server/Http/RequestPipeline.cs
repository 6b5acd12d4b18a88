using AllInOne.Server.Configuration;
using AllInOne.Server.Http.Access;
using AllInOne.Server.Http.Limits;
using AllInOne.Server.Http.Site;

namespace AllInOne.Server.Http;

/// <summary>What every request passes through, outermost first.</summary>
internal static class RequestPipeline
{
    private const string SocketPath = "/api/events/ws";

    /// <param name="app">The host being built.</param>
    /// <param name="files">What is served outside the endpoints.</param>
    /// <param name="figures">Counts the requests.</param>
    /// <param name="options">Which other sites may call, and how large a body may be.</param>
    /// <param name="bodies">Bounds the bodies of all requests.</param>
    /// <param name="clock">Measures how fast bodies come.</param>
    /// <param name="endpoints">Maps the endpoints.</param>
    public static void UseRequestPipeline(
        this WebApplication app, SiteFiles files, RequestFigures figures, HttpOptions options, RequestMemory bodies,
        TimeProvider clock, Action<IEndpointRouteBuilder> endpoints)
    {
        var loggers = app.Services.GetRequiredService<ILoggerFactory>();
        app.Use(next => new RequestLog(next, figures, loggers.CreateLogger<RequestLog>()).InvokeAsync);
        app.Use(next => new ShortMemory(next, loggers.CreateLogger<ShortMemory>()).InvokeAsync);
        app.Use(next => new SecurityHeaders(next).InvokeAsync);
        if (options.Compression.Enabled)
        {
            app.UseResponseCompression();
        }

        app.Use(next => new ProblemMiddleware(next, loggers.CreateLogger<ProblemMiddleware>()).InvokeAsync);
        // The guard first: a foreign Host is refused before any answer.
        app.Use(next => new LoopbackGuard(next, options.Cors).InvokeAsync);
        app.Use(next => new CrossOrigin(next, options.Cors).InvokeAsync);
        // Only where there is one: what it adds to a request is held by every stream, too.
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments(SocketPath, StringComparison.OrdinalIgnoreCase),
            socket => socket.UseWebSockets());
        app.UseRouting();
        app.Use(next => new BodyLimit(next, options, bodies, clock).InvokeAsync);
        app.Use(next => new SiteMiddleware(next, files).InvokeAsync);
        endpoints(app);
    }
}
