using AllInOne.Core.Supervision;
using AllInOne.Core.Values;

namespace AllInOne.Core.Load;

/// <summary>
/// The facade of the load demo: a number of workers, each an actor below <c>/user/load</c> that does a small job once a second, and the results of
/// the last minute. Owned by the program: the requested number and the samples outlive a restart of <c>/user/load</c>. While this actor is stopped, a
/// change throws, and reads return the last known values.
/// </summary>
public sealed class LoadGenerator
{
    /// <summary>The timeout of a change, long enough for a million actors on a slow machine.</summary>
    private static readonly TimeSpan ResizeLimit = TimeSpan.FromSeconds(30);

    private readonly LoadOptions _options;
    private volatile int _workers;
    private volatile int _wanted;

    internal LoadGenerator(LoadOptions options) => _options = options;

    /// <summary>The maximum number of workers that can be requested.</summary>
    public int MaxWorkers => _options.MaxWorkers;

    /// <summary>The present number of workers.</summary>
    public int Workers
    {
        get => _workers;
        internal set => _workers = value;
    }

    /// <summary>The number of workers, and their results. Thread-safe; waits for no actor.</summary>
    public LoadSnapshot Snapshot => Samples.Read(Workers);

    /// <summary>The requested number of workers.</summary>
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

    /// <summary>Starts or stops workers. Completes when the number is reached, or when another number is requested.</summary>
    /// <exception cref="UnavailableException">
    /// <c>/user/load</c> is stopped, or the number was not reached in time. Then the change continues.
    /// </exception>
    public async Task ResizeAsync(int workers, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(workers);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(workers, _options.MaxWorkers);
        _ = await Supervisor.AskAsync(new LoadSupervisor.Resize(workers), ResizeLimit, cancel).ConfigureAwait(false);
    }
}

/// <summary>The number of workers and the samples, in the form of <c>/api/system/load</c>.</summary>
/// <param name="Workers">The number of workers.</param>
/// <param name="SuccessesPerSecond">Jobs done per second in each sample of 100 ms, oldest first; at most 600.</param>
/// <param name="Cpu">The share of all cores that the process used in the same samples, 0 to 1.</param>
public sealed record LoadSnapshot(int Workers, IReadOnlyList<double> SuccessesPerSecond, IReadOnlyList<double> Cpu);
