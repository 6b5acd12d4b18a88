using Microsoft.Extensions.Logging.Abstractions;

namespace AllInOne.Server.Hosting;

/// <summary>
/// The loggers of a web host: those of the process, without scopes and without ASP.NET Core's own lines about each request, which <c>RequestLog</c>
/// replaces. Each connection would keep both in memory: the scopes, and an <c>Activity</c> that exists only for those lines. Listeners for activities
/// (OpenTelemetry) still get them.
/// </summary>
internal sealed class WebHostLoggers(ILoggerFactory process) : ILoggerFactory
{
    private const string PerRequest = "Microsoft.AspNetCore.Hosting.Diagnostics";

    /// <summary>
    /// Kestrel logs this error when it cannot read the rest of a body after we have stopped waiting for it. The client has already got its 408.
    /// </summary>
    private const string RestOfBodyLost = "RequestBodyDrainBodyReaderInvalidState";

    public ILogger CreateLogger(string categoryName) =>
        categoryName == PerRequest ? NullLogger.Instance : new Scopeless(process.CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) =>
        throw new NotSupportedException("A web host logs where the process logs.");

    // The process disposes of its loggers.
    public void Dispose()
    {
    }

    private sealed class Scopeless(ILogger logger) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            logger.Log(eventId.Name == RestOfBodyLost ? LogLevel.Debug : logLevel, eventId, state, exception, formatter);
    }
}
