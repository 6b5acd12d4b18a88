using System.Threading.Channels;
using Serilog;
using Serilog.Configuration;
using Serilog.Core;
using LogEvent = Serilog.Events.LogEvent;

namespace AllInOne.Server.Logging;

/// <summary>
/// The lines on their way to one place, and the thread that writes them there. Whoever logs never waits for that place: where it takes
/// nothing (a pipe that nobody reads), the queue fills up, and what finds no room in it is dropped and counted.
/// </summary>
internal sealed class LogQueue : ILogEventSink, IDisposable
{
    // To wake a thread for each line costs a busy server more than the line.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Closing = TimeSpan.FromSeconds(5);

    private readonly Channel<LogEvent> _lines;
    private readonly ManualResetEventSlim _closing = new();
    private readonly Serilog.Core.Logger _place;
    private readonly Thread _thread;
    private long _dropped;

    /// <param name="name">Where the lines go: <c>console</c> or <c>file</c>.</param>
    /// <param name="capacity">Lines that wait at most.</param>
    /// <param name="place">Names that place.</param>
    public LogQueue(string name, int capacity, Func<LoggerSinkConfiguration, LoggerConfiguration> place)
    {
        Name = name;
        _lines = Channel.CreateBounded<LogEvent>(new BoundedChannelOptions(capacity) { SingleReader = true });
        _place = place(new LoggerConfiguration().MinimumLevel.Verbose().WriteTo).CreateLogger();
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

    /// <summary>Waits until what is queued is written, unless the place takes nothing.</summary>
    public void Dispose()
    {
        _lines.Writer.TryComplete();
        _closing.Set();
        _thread.Join(Closing);
    }

    private void Write()
    {
        // Blocked, on a thread of its own: a place may hold it up for as long as it likes.
        while (_lines.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            _closing.Wait(Gathering);
            while (_lines.Reader.TryRead(out var line))
            {
                ((ILogEventSink)_place).Emit(line);
            }
        }

        _place.Dispose();
    }
}
