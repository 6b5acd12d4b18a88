namespace AllInOne.Actors;

/// <summary>How a system's threads run its actors. Only the bundled runtime has these.</summary>
public sealed class SchedulingOptions
{
    /// <summary>Actors that run at the same time; 0: one for each core that the process may use.</summary>
    public int Workers { get; init; }

    /// <summary>
    /// Threads there may be, spare and held up ones included. From three quarters on the system warns; where one more is needed
    /// it gives up: <see cref="ActorSystem.WhenTerminated"/> ends with a <see cref="ThreadsExhaustedException"/> as its reason.
    /// </summary>
    public int MaxThreads { get; init; } = 512;

    /// <summary>
    /// Threads kept ready for the places of those that are held up, at most a quarter of <see cref="MaxThreads"/>: on a busy machine a new
    /// one takes milliseconds to start, and with many runaway messages in a row all others would wait for that.
    /// </summary>
    public int SpareThreads { get; init; } = 64;

    /// <summary>How often the monitor looks at the workers while any of them works. A message seen three times costs its worker the place.</summary>
    public TimeSpan LookInterval { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>Processor time within one message after which its thread runs at the lowest priority until the message ends.</summary>
    public TimeSpan DemoteAfter { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long an actor that is told to stop or restart may still take for the message in hand before it is abandoned.</summary>
    public TimeSpan AbandonAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether actors count their messages and their time. Off only to measure what that costs.</summary>
    public bool Accounting { get; init; } = true;

    internal void ThrowIfInvalid()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Workers);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxThreads, (Workers == 0 ? Environment.ProcessorCount : Workers) + 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(SpareThreads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(LookInterval, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(DemoteAfter, LookInterval);
        ArgumentOutOfRangeException.ThrowIfLessThan(AbandonAfter, LookInterval);
    }
}
