using AllInOne.Core.Jobs.Counting;
using AllInOne.Core.Jobs.Running;
using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Values;

namespace AllInOne.Core.Jobs.Storing;

/// <summary>
/// The runs of all jobs: starts and cancels them through <c>/user/jobs/runs</c>, and reads their records from allinone.db. Part of
/// <see cref="JobStore"/>, thread-safe.
/// </summary>
public sealed class JobRuns
{
    private readonly JobFile _file;
    private readonly JobAddresses _addresses;
    private readonly JobCounterTable _counters;
    private readonly JobEvents _events;
    private readonly JobsOptions _options;
    private readonly CommitTimes _lateness = new();

    internal JobRuns(JobFile file, JobAddresses addresses, JobCounterTable counters, JobEvents events, JobsOptions options) =>
        (_file, _addresses, _counters, _events, _options) = (file, addresses, counters, events, options);

    /// <summary>The lateness of the last scheduled runs at their start, in milliseconds: the median and the 99th percentile.</summary>
    internal (double P50, double P99) Lateness
    {
        get
        {
            var (_, p50, p99) = _lateness.Summary();
            return (p50, p99);
        }
    }

    /// <summary>Runs a job now, even if it is paused. If a run is active, the overlap policy applies.</summary>
    /// <exception cref="UnavailableException">The start was not confirmed in time.</exception>
    public async Task<RunNowResult> StartAsync(JobId id, CancellationToken cancel)
    {
        _file.ThrowIfAway();
        return (RunNowResult)await _addresses.Runs.AskAsync(new RunsActor.StartNow(id), _options.WriteTimeout, cancel).ConfigureAwait(false);
    }

    /// <summary>Cancels a run, and returns before the run has completed. False if the run is not active.</summary>
    /// <exception cref="UnavailableException">There was no answer in time.</exception>
    public async Task<bool> CancelAsync(JobId id, RunId run, CancellationToken cancel)
    {
        _file.ThrowIfAway();
        return (bool)await _addresses.Runs.AskAsync(new RunsActor.Cancel(id, run), _options.WriteTimeout, cancel).ConfigureAwait(false);
    }

    /// <summary>A page of runs without their outputs, newest first, and the cursor of the next page; null on the last page.</summary>
    /// <exception cref="UnavailableException">Too many queries were active, and the wait took too long.</exception>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public async Task<(IReadOnlyList<Run> Runs, RunId? Next)> ListAsync(RunQuery query, int limit, CancellationToken cancel, string caller = "")
    {
        var found = await _file.Readers.QueryAsync(session => RunRows.List(session, query, limit + 1), cancel, caller).ConfigureAwait(false);
        found = found.ConvertAll(_file.ToWallClock);
        return found.Count > limit ? (found[..limit], found[limit - 1].Id) : (found, null);
    }

    /// <summary>Finds the record of a run; null if it does not exist.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public async Task<Run?> FindAsync(JobId id, RunId run, CancellationToken cancel) =>
        await _file.Readers.ReadAsync(session => RunRows.Find(session, id, run), cancel).ConfigureAwait(false) is { } found ? _file.ToWallClock(found) : null;

    /// <summary>Counts and publishes a run whose actor starts.</summary>
    internal void Started(Run run, JobCounters counters)
    {
        counters.AddRunning(1);
        if (run is { Cause: RunCause.Schedule, PlannedFor: { } planned })
        {
            var lateness = _file.Now - planned;
            _lateness.Add(0, lateness > TimeSpan.Zero ? lateness : TimeSpan.Zero);
        }

        if (run.Item is null)
        {
            _events.Publish(run, "started");
        }
    }

    /// <summary>Counts and publishes the end of a run.</summary>
    internal void Ended(RunEnd end, JobCounters counters)
    {
        counters.Complete(end.Record);
        // Items may run thousands of times a second, so only a dead item has an event.
        if (end.Record.Item is null || end.IsItemDead)
        {
            _events.Publish(_file.ToWallClock(end.Record), "ended");
        }
    }
}
