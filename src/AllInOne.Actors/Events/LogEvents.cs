namespace AllInOne.Actors;

/// <summary>How grave a <see cref="LogEvent"/> is.</summary>
public enum LogLevel
{
    DebugLevel,
    InfoLevel,
    WarningLevel,
    ErrorLevel,
}

/// <summary>What the runtime has to say, published on the event stream; the host subscribes and writes its log.</summary>
public abstract class LogEvent(Exception? cause, string logSource, Type logClass, object message)
{
    public Exception? Cause { get; } = cause;

    /// <summary>The path of the actor concerned.</summary>
    public string LogSource { get; } = logSource;

    public Type LogClass { get; } = logClass;

    public object Message { get; } = message;

    public DateTime Timestamp { get; } = DateTime.UtcNow;

    public abstract LogLevel LogLevel();

    public override string ToString() => $"[{LogLevel()}][{LogSource}] {Message}";
}

/// <summary>An actor failed.</summary>
public sealed class Error(Exception? cause, string logSource, Type logClass, object message)
    : LogEvent(cause, logSource, logClass, message)
{
    public override LogLevel LogLevel() => Actors.LogLevel.ErrorLevel;
}

/// <summary>Something to look at.</summary>
public sealed class Warning(string logSource, Type logClass, object message, Exception? cause = null)
    : LogEvent(cause, logSource, logClass, message)
{
    public override LogLevel LogLevel() => Actors.LogLevel.WarningLevel;
}

/// <summary>Something worth knowing.</summary>
public sealed class Info(string logSource, Type logClass, object message)
    : LogEvent(null, logSource, logClass, message)
{
    public override LogLevel LogLevel() => Actors.LogLevel.InfoLevel;
}

/// <summary>Something for who looks closely.</summary>
public sealed class Debug(string logSource, Type logClass, object message)
    : LogEvent(null, logSource, logClass, message)
{
    public override LogLevel LogLevel() => Actors.LogLevel.DebugLevel;
}
