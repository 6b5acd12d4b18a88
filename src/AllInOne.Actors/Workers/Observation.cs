using System.Diagnostics;

namespace AllInOne.Actors;

/// <summary>What the monitor has seen of the message that a worker has in hand. Written by the monitor alone.</summary>
internal sealed class Observation
{
    /// <summary>The worker's progress when it was first seen in this message.</summary>
    public long Progress { get; private set; } = -1;

    /// <summary>When that was, in ticks of the stopwatch.</summary>
    public long Since { get; private set; }

    /// <summary>How often it has been seen there again.</summary>
    public long Looks { get; set; }

    /// <summary>The children that the actor had at that time, if it had no current message.</summary>
    public object? Family { get; set; }

    /// <summary>What the thread had used of the processor then.</summary>
    private TimeSpan CpuThen { get; set; }

    /// <summary>When the processor time was last asked for.</summary>
    private long AskedAt { get; set; }

    /// <summary>What it has used since, at the last look that asked.</summary>
    public TimeSpan Cpu { get; private set; }

    /// <summary>Whether most of the time before that look was spent on the processor.</summary>
    public bool IsBurning { get; private set; }

    /// <summary>Kept off the other processors.</summary>
    public bool IsConfined { get; set; }

    /// <summary>At the lowest priority, for the rest of the thread's life.</summary>
    public bool IsDemoted { get; set; }

    /// <summary>A warning that the message uses the processor permanently was published.</summary>
    public bool IsReported { get; set; }

    /// <summary>When the actor was first seen told to end, in ticks of the stopwatch; 0: not yet.</summary>
    public long EndAskedAt { get; set; }

    /// <summary>Whose message it was, once it was taken away.</summary>
    public HeldUpInfo? Abandoned { get; set; }

    /// <summary>Another message than the one seen before.</summary>
    public void Begin(long progress, long now, TimeSpan cpu)
    {
        (Progress, Since, AskedAt, CpuThen, Cpu) = (progress, now, now, cpu, TimeSpan.Zero);
        (Looks, EndAskedAt, IsBurning, IsReported) = (0, 0, false, false);
    }

    /// <param name="now">The time of the look.</param>
    /// <param name="cpu">What the thread has used of the processor; null where it cannot be told: then it counts as burning.</param>
    public void Measure(long now, TimeSpan? cpu)
    {
        var used = cpu is { } known ? known - CpuThen : Stopwatch.GetElapsedTime(Since, now);
        IsBurning = used > Cpu && used - Cpu >= Stopwatch.GetElapsedTime(AskedAt, now) / 2;
        (Cpu, AskedAt) = (used, now);
    }
}
