using System.Globalization;
using Akka.Configuration;
using Akka.Logger.Serilog;
using AllInOne.Core.Inspection;
using Serilog;
using Serilog.Configuration;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Json;
using Serilog.Settings.Configuration;

namespace AllInOne.Server.Logging;

/// <summary>
/// The process's logs: readable lines on the console, one JSON object per line in <c>logs/</c> under the data directory (a file
/// per day, of bounded size and number), each place with a queue and a thread of its own. Levels come from
/// <c>Serilog:MinimumLevel</c>. All other code knows only ILogger. Akka.NET's logger writes to Serilog's static <see cref="Log.Logger"/>, which is
/// this logger from its creation until it is closed.
/// </summary>
internal sealed class ServerLog : ILoggerFactory
{
    private const string ConsoleLine = "{Timestamp:HH:mm:ss.fff} {Level:u3} {" + ActorLines.Prefix + "}{Message:lj}{NewLine}{Exception}";
    private const long MaxFileBytes = 64 * 1024 * 1024;
    private const int KeptFiles = 14;

    private readonly Serilog.ILogger _log;
    private readonly SerilogLoggerFactory _loggers;
    private readonly List<LogQueue> _queues = [];
    private readonly int _lines;

    /// <param name="configuration">Has the section <c>Serilog</c>.</param>
    /// <param name="directory">Where the files go.</param>
    /// <param name="console">Whether the console gets its lines.</param>
    /// <param name="lines">How many lines may wait for each place.</param>
    public ServerLog(IConfiguration configuration, string directory, bool console, int lines)
    {
        _lines = lines;
        var log = new LoggerConfiguration()
            .Enrich.With<ActorLines>()
            .Enrich.With<LogLineLimit>()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Akka", LogEventLevel.Warning)
            // A web host that cannot start is told by its actor, in one line and not in fifty.
            .MinimumLevel.Override("Microsoft.Extensions.Hosting", LogEventLevel.Fatal);
        Add(log, "file", to => to.File(
            new JsonFormatter(renderMessage: true, formatProvider: CultureInfo.InvariantCulture),
            Path.Combine(directory, "allinone-.jsonl"), rollingInterval: RollingInterval.Day,
            fileSizeLimitBytes: MaxFileBytes, rollOnFileSizeLimit: true, retainedFileCountLimit: KeptFiles));
        if (console)
        {
            Add(log, "console", to => to.Console(outputTemplate: ConsoleLine, formatProvider: CultureInfo.InvariantCulture));
        }

        // A single file has no assemblies to search for sinks: they are named.
        var sinks = new ConfigurationReaderOptions(typeof(ConsoleLoggerConfigurationExtensions).Assembly, typeof(FileLoggerConfigurationExtensions).Assembly);
        _log = Log.Logger = log.ReadFrom.Configuration(configuration, sinks).CreateLogger();
        _loggers = new SerilogLoggerFactory(_log, dispose: true);
    }

    /// <summary>Settings that make the actor system of Akka.NET log here.</summary>
    public Config ActorSettings => ConfigurationFactory.ParseString($$"""
        akka {
          loggers = ["{{typeof(SerilogLogger).AssemblyQualifiedName}}"]
          loglevel = {{(_log.ForContext<DiagnosticsActor>().IsEnabled(LogEventLevel.Debug) ? "DEBUG" : "INFO")}}
        }
        """);

    public IReadOnlyList<LogQueue> Queues => _queues;

    public Microsoft.Extensions.Logging.ILogger CreateLogger(string categoryName) => _loggers.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => _loggers.AddProvider(provider);

    /// <summary>Writes what waits, then closes the file.</summary>
    public void Dispose()
    {
        if (Log.Logger == _log)
        {
            Log.Logger = Serilog.Core.Logger.None;
        }

        _loggers.Dispose();
    }

    private void Add(LoggerConfiguration log, string name, Func<LoggerSinkConfiguration, LoggerConfiguration> place)
    {
        var queue = new LogQueue(name, _lines, place);
        _queues.Add(queue);
        log.WriteTo.Sink(queue);
    }
}
