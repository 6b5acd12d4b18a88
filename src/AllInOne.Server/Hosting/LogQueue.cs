using Serilog.Sinks.Async;

namespace AllInOne.Server.Hosting;

/// <summary>
/// The lines on their way to one place. Whoever logs never waits for that place: where it takes nothing (a pipe that nobody reads), the
/// queue fills up, and what finds no room in it is dropped and counted.
/// </summary>
internal sealed class LogQueue(string name) : IAsyncLogEventSinkMonitor
{
    /// <summary>Lines that wait at most.</summary>
    public const int Capacity = 10_000;

    private IAsyncLogEventSinkInspector? _inspector;

    /// <summary>Where the lines go: <c>console</c> or <c>file</c>.</summary>
    public string Name { get; } = name;

    public long Dropped => Volatile.Read(ref _inspector)?.DroppedMessagesCount ?? 0;

    public void StartMonitoring(IAsyncLogEventSinkInspector inspector) => Volatile.Write(ref _inspector, inspector);

    public void StopMonitoring(IAsyncLogEventSinkInspector inspector)
    {
        // The count stays to be read.
    }
}
