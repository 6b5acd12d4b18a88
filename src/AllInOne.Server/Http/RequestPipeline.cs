namespace AllInOne.Server.Http;

/// <summary>What every request passes through, outermost first.</summary>
internal static class RequestPipeline
{
    /// <param name="app">The host being built.</param>
    /// <param name="files">What is served outside the endpoints.</param>
    /// <param name="endpoints">Maps the endpoints.</param>
    public static void UseRequestPipeline(this WebApplication app, SiteFiles files, Action<IEndpointRouteBuilder> endpoints)
    {
        var loggers = app.Services.GetRequiredService<ILoggerFactory>();
        app.Use(next => new RequestLog(next, loggers.CreateLogger<RequestLog>()).InvokeAsync);
        app.Use(next => new SecurityHeaders(next).InvokeAsync);
        app.Use(next => new ProblemMiddleware(next, loggers.CreateLogger<ProblemMiddleware>()).InvokeAsync);
        app.Use(next => new LoopbackGuard(next).InvokeAsync);
        app.UseRouting();
        app.Use(next => new SiteMiddleware(next, files).InvokeAsync);
        endpoints(app);
    }
}
