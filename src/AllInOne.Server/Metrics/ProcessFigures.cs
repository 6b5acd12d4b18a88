using AllInOne.Server.Http;
using AllInOne.Server.Http.Limits;
using AllInOne.Server.Logging;

namespace AllInOne.Server.Metrics;

/// <summary>The figures of the process: its name, uptime, use of the processor, and limits.</summary>
/// <param name="node">The name of this server.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The queues of the log.</param>
/// <param name="limits">The limits in force of the data that clients can create, in bytes, by key.</param>
/// <param name="bodies">The memory of the bodies of current requests.</param>
/// <param name="answers">The memory of the answers of current requests.</param>
internal sealed class ProcessFigures(
    string node, TimeProvider time, IReadOnlyList<LogQueue> log, IReadOnlyDictionary<string, long> limits, RequestMemory bodies, RequestMemory answers)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly long _started = time.GetTimestamp();
    private long _measuredAt = time.GetTimestamp();
    private TimeSpan _used = Environment.CpuUsage.TotalTime;
    private double _share;

    /// <summary>The name of this server.</summary>
    public string Node { get; } = node;

    /// <summary>The figures of the requests.</summary>
    public RequestFigures Requests { get; } = new();

    /// <summary>The memory of the bodies of current requests.</summary>
    public RequestMemory Bodies { get; } = bodies;

    /// <summary>The memory of the answers of current requests.</summary>
    public RequestMemory Answers { get; } = answers;

    /// <summary>The queues of the log.</summary>
    public IReadOnlyList<LogQueue> Log { get; } = log;

    /// <summary>The limits in force of the data that clients can create, in bytes, by key.</summary>
    public IReadOnlyDictionary<string, long> Limits { get; } = limits;

    /// <summary>The time since the start.</summary>
    public TimeSpan Uptime => time.GetElapsedTime(_started);

    /// <summary>The share of all cores in use, 0 to 1, measured between two calls that are at least a second apart.</summary>
    public double Cpu
    {
        get
        {
            lock (_gate)
            {
                var elapsed = time.GetElapsedTime(_measuredAt);
                if (elapsed >= Shortest)
                {
                    var used = Environment.CpuUsage.TotalTime;
                    _share = Math.Clamp((used - _used) / elapsed / Environment.ProcessorCount, 0, 1);
                    (_measuredAt, _used) = (time.GetTimestamp(), used);
                }

                return Math.Round(_share, 4);
            }
        }
    }
}
