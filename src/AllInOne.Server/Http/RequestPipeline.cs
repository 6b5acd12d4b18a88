using AllInOne.Server.Configuration;
using AllInOne.Server.Http.Access;
using AllInOne.Server.Http.Limits;
using AllInOne.Server.Http.Site;

namespace AllInOne.Server.Http;

/// <summary>The middleware of every request, the outermost first.</summary>
internal static class RequestPipeline
{
    private const string SocketPath = "/api/events/ws";

    /// <param name="app">The host.</param>
    /// <param name="files">The files of the dashboard.</param>
    /// <param name="figures">Counts the requests.</param>
    /// <param name="options">The allowed origins and the limits.</param>
    /// <param name="bodies">The limit of the bodies of all requests.</param>
    /// <param name="clock">The clock for slow bodies.</param>
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
        // Only if an origin is configured, because every stream keeps the memory that this middleware adds to a request.
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments(SocketPath, StringComparison.OrdinalIgnoreCase),
            socket => socket.UseWebSockets());
        app.UseRouting();
        app.Use(next => new BodyLimit(next, options, bodies, clock).InvokeAsync);
        app.Use(next => new SiteMiddleware(next, files).InvokeAsync);
        endpoints(app);
    }
}
