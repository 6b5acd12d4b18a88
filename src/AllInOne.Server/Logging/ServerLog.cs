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
/// The log of the process: text on the console, and one JSON object per line in <c>logs/</c> in the data directory (a file for each day, with a
/// limited size and number). Each of the two sinks has its own queue and thread. The levels come from <c>Serilog:MinimumLevel</c>. All other code
/// uses only ILogger. Akka.NET's logger writes to Serilog's static <see cref="Log.Logger"/>, which is this logger from its creation until it is
/// closed.
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

    /// <param name="configuration">The configuration with the section <c>Serilog</c>.</param>
    /// <param name="directory">The directory of the files.</param>
    /// <param name="console">Whether lines are also written to the console.</param>
    /// <param name="node">The name of this server, a property of each line in the file.</param>
    /// <param name="lines">The capacity of each queue, in lines.</param>
    public ServerLog(IConfiguration configuration, string directory, bool console, string node, int lines)
    {
        _lines = lines;
        var log = new LoggerConfiguration()
            .Enrich.WithProperty("Node", node)
            .Enrich.With<ActorLines>()
            .Enrich.With<LogLineLimit>()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Akka", LogEventLevel.Warning)
            // The actor of the web host logs a failed start in one line; the framework would log fifty.
            .MinimumLevel.Override("Microsoft.Extensions.Hosting", LogEventLevel.Fatal);
        Add(log, "file", to => to.File(
            new JsonFormatter(renderMessage: true, formatProvider: CultureInfo.InvariantCulture),
            Path.Combine(directory, "allinone-.jsonl"), rollingInterval: RollingInterval.Day,
            fileSizeLimitBytes: MaxFileBytes, rollOnFileSizeLimit: true, retainedFileCountLimit: KeptFiles));
        if (console)
        {
            Add(log, "console", to => to.Console(outputTemplate: ConsoleLine, formatProvider: CultureInfo.InvariantCulture));
        }

        // A single-file executable has no assemblies to search for sinks, so they are listed.
        var sinks = new ConfigurationReaderOptions(typeof(ConsoleLoggerConfigurationExtensions).Assembly, typeof(FileLoggerConfigurationExtensions).Assembly);
        _log = Log.Logger = log.ReadFrom.Configuration(configuration, sinks).CreateLogger();
        _loggers = new SerilogLoggerFactory(_log, dispose: true);
    }

    /// <summary>The settings with which Akka.NET logs to this log.</summary>
    public Config ActorSettings => ConfigurationFactory.ParseString($$"""
        akka {
          loggers = ["{{typeof(SerilogLogger).AssemblyQualifiedName}}"]
          loglevel = {{(_log.ForContext<DiagnosticsActor>().IsEnabled(LogEventLevel.Debug) ? "DEBUG" : "INFO")}}
        }
        """);

    public IReadOnlyList<LogQueue> Queues => _queues;

    public Microsoft.Extensions.Logging.ILogger CreateLogger(string categoryName) => _loggers.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => _loggers.AddProvider(provider);

    /// <summary>Writes the queued lines, then closes the file.</summary>
    public void Dispose()
    {
        if (Log.Logger == _log)
        {
            Log.Logger = Serilog.Core.Logger.None;
        }

        _loggers.Dispose();
    }

    private void Add(LoggerConfiguration log, string name, Func<LoggerSinkConfiguration, LoggerConfiguration> sink)
    {
        var queue = new LogQueue(name, _lines, sink);
        _queues.Add(queue);
        log.WriteTo.Sink(queue);
    }
}
