using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace AllInOne.Server.Tests.Http;

/// <summary>Keeps the log lines of the server itself (not of the framework), as level and text. A test can wait for a line.</summary>
internal sealed class RecordedLog : ILoggerProvider
{
    private readonly ConcurrentQueue<LogLine> _lines = new();
    private readonly Channel<LogLine> _news = Channel.CreateUnbounded<LogLine>();

    public IEnumerable<LogLine> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    /// <summary>Returns the first line with this text, from the past or the future.</summary>
    public async Task<LogLine> LineWith(string text)
    {
        using var limit = new CancellationTokenSource(Until.Limit);
        await foreach (var line in _news.Reader.ReadAllAsync(limit.Token))
        {
            if (line.Text.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException("The log has ended.");
    }

    public void Dispose() => _news.Writer.TryComplete();

    private void Add(LogLine line)
    {
        _lines.Enqueue(line);
        _news.Writer.TryWrite(line);
    }

    private sealed class Logger(RecordedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) =>
            logLevel >= LogLevel.Warning || category.StartsWith("AllInOne", StringComparison.Ordinal);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                log.Add(new LogLine(logLevel, formatter(state, exception) + (exception is null ? "" : "\n" + exception)));
            }
        }
    }
}

internal sealed record LogLine(LogLevel Level, string Text);
