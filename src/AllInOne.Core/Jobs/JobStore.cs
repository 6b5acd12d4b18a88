using AllInOne.Core.Events;
using AllInOne.Core.Jobs.Counting;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Jobs.Storing;
using AllInOne.Core.Storage;

namespace AllInOne.Core.Jobs;

/// <summary>
/// The facade of the background jobs: definitions, queues and runs. Owned by the program, thread-safe. Changes and
/// items are answered after their commit in allinone.db. Then <c>/user/jobs</c> is notified, which does the work. While a part of it restarts,
/// its messages wait, and it reads missed changes from the file. So nothing acknowledged is lost. When the disk fails, a change waits
/// for <see cref="JobsOptions.WriteTimeout"/> and then throws <see cref="Values.UnavailableException"/>; it may still be stored later. While the jobs
/// are restored, or are stopped, everything except reads throws this exception.
/// </summary>
public sealed class JobStore
{
    internal JobStore(Database database, JobsOptions options, EventLog events, TimeProvider clock)
    {
        var published = new JobEvents(events);
        (Options, File) = (options, new JobFile(database, options, clock));
        Definitions = new JobDefinitions(File, Addresses, Counters, published, options);
        Queues = new JobQueues(File, Addresses, Counters, Definitions, options);
        Runs = new JobRuns(File, Addresses, Counters, published, options);
    }

    /// <summary>The options of the jobs.</summary>
    public JobsOptions Options { get; }

    /// <summary>The definitions of the jobs.</summary>
    public JobDefinitions Definitions { get; }

    /// <summary>The queues of the jobs.</summary>
    public JobQueues Queues { get; }

    /// <summary>The runs of the jobs, and their records.</summary>
    public JobRuns Runs { get; }

    /// <summary>The wall-clock time that decides which jobs are due.</summary>
    public DateTimeOffset Now => File.Now;

    /// <summary>The figures of all jobs at about this moment.</summary>
    public JobsFigures Figures
    {
        get
        {
            var (p50, p99) = Runs.Lateness;
            return new JobsFigures(Definitions.Count, Counters.All, p50, p99);
        }
    }

    internal JobFile File { get; }

    internal JobAddresses Addresses { get; } = new();

    internal JobCounterTable Counters { get; } = new();

    internal bool IsRestored => Definitions.IsRestored;

    /// <summary>The counters of one job since the start.</summary>
    public JobCounters CountersOf(JobId id) => Counters.Of(id);

    /// <summary>Restores the definitions from the file. Called once; again only after a failure.</summary>
    /// <param name="builtIn">The built-in jobs, by id.</param>
    internal Task RestoreAsync(IReadOnlyDictionary<string, JobDefinition> builtIn) =>
        Definitions.RestoreAsync(builtIn.ToDictionary(job => JobId.Parse(job.Key), job => job.Value));

    internal void Open() => File.Open();

    internal void Close() => File.Close();
}
