using System.Threading.Channels;
using Serilog;
using Serilog.Configuration;
using Serilog.Core;
using LogEvent = Serilog.Events.LogEvent;

namespace AllInOne.Server.Logging;

/// <summary>
/// The queue of one log sink, and the thread that writes its lines. The code that logs never waits for the sink. If the sink is blocked (a pipe that
/// no process reads), the queue fills up, and further lines are dropped and counted. docs/decisions/0012 compares it with Serilog.Sinks.Async.
/// </summary>
internal sealed class LogQueue : ILogEventSink, IDisposable
{
    // The thread waits before it writes, because waking it for each line would cost a busy server more than the line itself.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Closing = TimeSpan.FromSeconds(5);

    private readonly Channel<LogEvent> _lines;
    private readonly ManualResetEventSlim _closing = new();
    private readonly Serilog.Core.Logger _sink;
    private readonly Thread _thread;
    private long _dropped;

    /// <param name="name">The name of the sink: <c>console</c> or <c>file</c>.</param>
    /// <param name="capacity">The maximum number of queued lines.</param>
    /// <param name="sink">Adds the sink to a logger.</param>
    public LogQueue(string name, int capacity, Func<LoggerSinkConfiguration, LoggerConfiguration> sink)
    {
        Name = name;
        _lines = Channel.CreateBounded<LogEvent>(new BoundedChannelOptions(capacity) { SingleReader = true });
        _sink = sink(new LoggerConfiguration().MinimumLevel.Verbose().WriteTo).CreateLogger();
        _thread = new Thread(Write) { IsBackground = true, Name = $"log to {name}" };
        _thread.Start();
    }

    public string Name { get; }

    public long Dropped => Interlocked.Read(ref _dropped);

    public void Emit(LogEvent logEvent)
    {
        if (!_lines.Writer.TryWrite(logEvent))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Waits until the queued lines are written, but not for a blocked sink.</summary>
    public void Dispose()
    {
        _lines.Writer.TryComplete();
        _closing.Set();
        _thread.Join(Closing);
    }

    private void Write()
    {
        // This thread belongs to the sink, so it may block.
        while (_lines.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            _closing.Wait(Gathering);
            while (_lines.Reader.TryRead(out var line))
            {
                ((ILogEventSink)_sink).Emit(line);
            }
        }

        _sink.Dispose();
    }
}
