using Serilog.Core;
using LogEvent = Serilog.Events.LogEvent;
using LogEventProperty = Serilog.Events.LogEventProperty;
using ScalarValue = Serilog.Events.ScalarValue;

namespace AllInOne.Server.Logging;

/// <summary>
/// Changes the lines of Akka.NET's logger. On the console, the path of the actor comes before the message. Properties without information are
/// removed: the thread that logged, a second timestamp, and the path of the logger's own sender.
/// </summary>
internal sealed class ActorLines : ILogEventEnricher
{
    /// <summary>The property for the console. Lines that do not come from an actor do not have it.</summary>
    public const string Prefix = "ActorPrefix";

    private const string Source = "LogSource";

    /// <summary>The address of the actor system.</summary>
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
