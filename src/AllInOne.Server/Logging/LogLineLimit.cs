using AllInOne.Core.Values;
using Serilog.Core;

using LogEvent = Serilog.Events.LogEvent;
using LogEventProperty = Serilog.Events.LogEventProperty;
using ScalarValue = Serilog.Events.ScalarValue;

namespace AllInOne.Server.Logging;

/// <summary>
/// Cuts every text in a log line, for all loggers, so that the input of a client cannot make a line too long. The log file has each text twice.
/// </summary>
internal sealed class LogLineLimit : ILogEventEnricher
{
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        List<LogEventProperty>? cut = null;
        foreach (var (name, value) in logEvent.Properties)
        {
            if (value is ScalarValue { Value: string { Length: > Excerpt.Message } text })
            {
                (cut ??= []).Add(new LogEventProperty(name, new ScalarValue(Excerpt.Of(text, Excerpt.Message))));
            }
        }

        foreach (var property in cut ?? [])
        {
            logEvent.AddOrUpdateProperty(property);
        }
    }
}
