using Serilog.Core;
using LogEvent = Serilog.Events.LogEvent;
using LogEventProperty = Serilog.Events.LogEventProperty;
using ScalarValue = Serilog.Events.ScalarValue;

namespace AllInOne.Server.Hosting;

/// <summary>
/// Lines that Akka.NET's logger brings: on the console the path of the actor stands before the message. Properties that say nothing (the thread
/// that logged, a second time, the path of the logger's own sender) are left out.
/// </summary>
internal sealed class ActorLines : ILogEventEnricher
{
    /// <summary>The property of the console's line; other lines have none.</summary>
    public const string Prefix = "ActorPrefix";

    private const string Source = "LogSource";

    /// <summary>The address of the one actor system.</summary>
    private const string System = "akka://allinone";

    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        if (logEvent.Properties.TryGetValue(Source, out var value) && value is ScalarValue { Value: string source })
        {
            logEvent.AddOrUpdateProperty(new LogEventProperty(Prefix, new ScalarValue($"{source[(source.StartsWith(System, StringComparison.Ordinal) ? System.Length : 0)..]}: ")));
            logEvent.RemovePropertyIfPresent("Thread");
            logEvent.RemovePropertyIfPresent("Timestamp");
            logEvent.RemovePropertyIfPresent("ActorPath");
        }
    }
}
