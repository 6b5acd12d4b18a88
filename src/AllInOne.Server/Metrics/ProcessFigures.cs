using AllInOne.Server.Http;
using AllInOne.Server.Http.Limits;
using AllInOne.Server.Logging;

namespace AllInOne.Server.Metrics;

/// <summary>How long the process runs and how much of the processor it uses: over the time since the last look that is old enough to tell.</summary>
/// <param name="time">The clock.</param>
/// <param name="log">The places that lines of the log go to.</param>
/// <param name="limits">The limits in force of what clients may fill, in bytes, by key.</param>
/// <param name="bodies">The memory of the bodies of current requests.</param>
/// <param name="answers">The memory of the answers of current requests.</param>
internal sealed class ProcessFigures(
    TimeProvider time, IReadOnlyList<LogQueue> log, IReadOnlyDictionary<string, long> limits, RequestMemory bodies, RequestMemory answers)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly long _started = time.GetTimestamp();
    private long _lookedAt = time.GetTimestamp();
    private TimeSpan _used = Environment.CpuUsage.TotalTime;
    private double _share;

    /// <summary>The requests that were answered.</summary>
    public RequestFigures Requests { get; } = new();

    /// <summary>The memory of the bodies of current requests.</summary>
    public RequestMemory Bodies { get; } = bodies;

    /// <summary>The memory of the answers of current requests.</summary>
    public RequestMemory Answers { get; } = answers;

    /// <summary>The places that lines of the log go to.</summary>
    public IReadOnlyList<LogQueue> Log { get; } = log;

    /// <summary>The limits in force of what clients may fill, in bytes, by key.</summary>
    public IReadOnlyDictionary<string, long> Limits { get; } = limits;

    /// <summary>Since the start.</summary>
    public TimeSpan Uptime => time.GetElapsedTime(_started);

    /// <summary>Share of all cores in use, 0 to 1.</summary>
    public double Cpu
    {
        get
        {
            lock (_gate)
            {
                var elapsed = time.GetElapsedTime(_lookedAt);
                if (elapsed >= Shortest)
                {
                    var used = Environment.CpuUsage.TotalTime;
                    _share = Math.Clamp((used - _used) / elapsed / Environment.ProcessorCount, 0, 1);
                    (_lookedAt, _used) = (time.GetTimestamp(), used);
                }

                return Math.Round(_share, 4);
            }
        }
    }
}
