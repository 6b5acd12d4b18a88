using Akka.Event;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace AllInOne.Core.Inspection;

/// <summary>
/// <c>/user/diagnostics</c>: writes into the log what the runtime publishes: failures and what was done about them, messages
/// that nobody got, messages that nobody wanted.
/// </summary>
public sealed partial class DiagnosticsActor : ReceiveActor
{
    public const string Name = "diagnostics";

    private readonly ILogger _log;

    public DiagnosticsActor(ILogger<DiagnosticsActor> log)
    {
        _log = log;
        Receive<LogEvent>(OnLogEvent);
        Receive<DeadLetter>(OnDeadLetter);
        Receive<UnhandledMessage>(message => LogUnhandled(message.Message.GetType(), message.Recipient.Path));
    }

    protected override void PreStart()
    {
        foreach (var published in (Type[])[typeof(LogEvent), typeof(DeadLetter), typeof(UnhandledMessage)])
        {
            Context.System.EventStream.Subscribe(Self, published);
        }
    }

    private void OnLogEvent(LogEvent said)
    {
        var level = LevelOf(said);
        if (_log.IsEnabled(level))
        {
            LogRuntime(level, said.Cause, said.LogSource, said.Message);
        }
    }

    private void OnDeadLetter(DeadLetter letter)
    {
        if (_log.IsEnabled(LogLevel.Debug))
        {
            LogDeadLetter(letter.Message.GetType(), letter.Recipient.Path);
        }
    }

    private static LogLevel LevelOf(LogEvent logEvent) => logEvent switch
    {
        Error => LogLevel.Error,
        Warning => LogLevel.Warning,
        Info => LogLevel.Information,
        _ => LogLevel.Debug,
    };

    [LoggerMessage(Message = "{Source}: {Reason}")]
    private partial void LogRuntime(LogLevel level, Exception? cause, string source, object reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Message} found nobody at {Path}")]
    private partial void LogDeadLetter(Type message, ActorPath path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} does not handle {Message}")]
    private partial void LogUnhandled(Type message, ActorPath path);
}
