using System.Diagnostics;

namespace AllInOne.Actors;

/// <summary>The monitor's observations of the current message of a worker. Only the monitor writes them.</summary>
internal sealed class Observation
{
    /// <summary>The worker's progress when it was first seen in this message.</summary>
    public long Progress { get; private set; } = -1;

    /// <summary>The time of this first check, in stopwatch ticks.</summary>
    public long Since { get; private set; }

    /// <summary>How many further checks have seen the worker in this message.</summary>
    public long Checks { get; set; }

    /// <summary>The children of the actor at the last check, if the actor was stopping or restarting them; otherwise null.</summary>
    public object? Family { get; set; }

    /// <summary>The processor time of the thread at the first check.</summary>
    private TimeSpan CpuThen { get; set; }

    /// <summary>When the processor time was last measured.</summary>
    private long AskedAt { get; set; }

    /// <summary>The processor time since the first check, as last measured.</summary>
    public TimeSpan Cpu { get; private set; }

    /// <summary>Whether the thread spent most of the time before that measurement on the processor.</summary>
    public bool IsBurning { get; private set; }

    /// <summary>The thread is confined to one processor.</summary>
    public bool IsConfined { get; set; }

    /// <summary>The thread has the lowest priority, until it exits.</summary>
    public bool IsDemoted { get; set; }

    /// <summary>A warning that the message uses the processor permanently was published.</summary>
    public bool IsReported { get; set; }

    /// <summary>When the monitor first saw a stop or restart of the actor, in stopwatch ticks; 0 before that.</summary>
    public long EndAskedAt { get; set; }

    /// <summary>The number of checks at that time.</summary>
    public long EndAskedChecks { get; set; }

    /// <summary>The description of the message at the abandonment of its actor; null before.</summary>
    public HeldUpInfo? Abandoned { get; set; }

    /// <summary>Starts the observation of another message.</summary>
    public void Begin(long progress, long now, TimeSpan cpu)
    {
        (Progress, Since, AskedAt, CpuThen, Cpu) = (progress, now, now, cpu, TimeSpan.Zero);
        (Checks, EndAskedAt, IsBurning, IsReported) = (0, 0, false, false);
    }

    /// <param name="now">The time of the check.</param>
    /// <param name="cpu">The processor time of the thread; null if it is unknown: then the thread counts as burning.</param>
    public void Measure(long now, TimeSpan? cpu)
    {
        var used = cpu is { } known ? known - CpuThen : Stopwatch.GetElapsedTime(Since, now);
        IsBurning = used > Cpu && used - Cpu >= Stopwatch.GetElapsedTime(AskedAt, now) / 2;
        (Cpu, AskedAt) = (used, now);
    }
}
