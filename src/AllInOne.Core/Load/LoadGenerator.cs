using AllInOne.Core.Supervision;
using AllInOne.Core.Values;

namespace AllInOne.Core.Load;

/// <summary>
/// The load of the demo, for everyone outside its actors: so many workers, each an actor of its own below <c>/user/load</c> that
/// does a small job once a second, and what they achieved within the last minute.
/// Owned by the program: the number asked for and the samples outlive a restart of <c>/user/load</c>. While that is
/// stopped a change throws; reads return the last known values.
/// </summary>
public sealed class LoadGenerator
{
    /// <summary>Long enough for a million actors on a slow machine.</summary>
    private static readonly TimeSpan ResizeLimit = TimeSpan.FromSeconds(30);

    private readonly LoadOptions _options;
    private volatile int _workers;
    private volatile int _wanted;

    internal LoadGenerator(LoadOptions options) => _options = options;

    /// <summary>How many workers may be asked for.</summary>
    public int MaxWorkers => _options.MaxWorkers;

    /// <summary>How many workers there are now.</summary>
    public int Workers
    {
        get => _workers;
        internal set => _workers = value;
    }

    /// <summary>What there is and what it achieved. Any thread; waits for no actor.</summary>
    public LoadSnapshot Snapshot => Samples.Read(Workers);

    /// <summary>How many workers there are to be.</summary>
    internal int Wanted
    {
        get => _wanted;
        set => _wanted = value;
    }

    internal LoadSamples Samples { get; } = new();

    internal StripedCounter Successes { get; } = new();

    internal LoadRoster Roster { get; } = new();

    /// <summary>The address of <c>/user/load</c>.</summary>
    internal ActorAddress Supervisor { get; } = new("The load generator", capacity: 0);

    /// <summary>Starts or stops workers; completes when there are as many as asked for, or another number has been asked for since.</summary>
    /// <exception cref="UnavailableException"><c>/user/load</c> is stopped, or was not finished in time and continues.</exception>
    public async Task ResizeAsync(int workers, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(workers);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(workers, _options.MaxWorkers);
        _ = await Supervisor.AskAsync(new LoadSupervisor.Resize(workers), ResizeLimit, cancel).ConfigureAwait(false);
    }
}

/// <summary>The shape of <c>/api/system/load</c>.</summary>
/// <param name="Workers">How many there are.</param>
/// <param name="SuccessesPerSecond">Jobs done per second in each sample of 100 ms, oldest first; at most 600.</param>
/// <param name="Cpu">The share of all cores that the process used in the same samples, 0 to 1.</param>
public sealed record LoadSnapshot(int Workers, IReadOnlyList<double> SuccessesPerSecond, IReadOnlyList<double> Cpu);
