using System.Collections.Concurrent;
using System.Text.Json;
using AllInOne.Core.Data;
using AllInOne.Core.Jobs;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Jobs.Running;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values;

namespace AllInOne.Core.Tests.Jobs;

/// <summary>Jobs in a separate data directory, on a clock that the test moves. The test decides what a run does.</summary>
internal sealed class JobsAtWork : IAsyncDisposable
{
    /// <summary>The interval in which the actor of the schedules checks whether the wall clock was set.</summary>
    private static readonly TimeSpan CheckOfTheClock = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<RunTask> _acted = new();
    private readonly TreeAtWork _tree;

    private JobsAtWork(TimeProvider clock, string? directory)
    {
        Time = clock;
        var options = new SystemTreeOptions { Jobs = Options, Supervision = TreeAtWork.QuickRestarts };
        _tree = new TreeAtWork(options, (parts, spec) =>
        {
            parts.Jobs = new JobsModule(Options, BuiltIn, parts.Storage.Main, parts.Live.Events, Time, parts.Readiness, parts.Loggers, ActAsync);
            return [spec.Storage, spec.Live, spec.Jobs];
        }, clock, directory);
    }

    public JobsOptions Options { get; } = new() { WriteTimeout = Until.Limit };

    public TimeProvider Time { get; }

    public FakeClock Clock => (FakeClock)Time;

    public JobStore Store => _tree.Parts.Jobs.Store;

    public Readiness Readiness => _tree.Parts.Readiness;

    public Dictionary<string, JobDefinition> BuiltIn { get; } = [];

    /// <summary>The code of all runs from now on. At first it does nothing.</summary>
    public Func<RunTask, CancellationToken, Task<RunResult>> Act { get; set; } = (_, _) => Task.FromResult(RunResult.Good);

    public StorageModule Storage => _tree.Parts.Storage;

    /// <summary>All runs that have started in this process.</summary>
    public IReadOnlyList<RunTask> Acted => [.. _acted];

    /// <param name="clock">A fake clock at noon of 1 March 2026 when null.</param>
    public static async Task<JobsAtWork> StartAsync(Action<JobsOptions>? configure = null, TimeProvider? clock = null, string? directory = null)
    {
        var work = new JobsAtWork(clock ?? new FakeClock(At("2026-03-01T12:00:00Z")), directory);
        configure?.Invoke(work.Options);
        await work.OpenAsync();
        return work;
    }

    public static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);

    public static JobId Id(string id) => JobId.Parse(id);

    /// <summary>Code for runs that each end when the gate is opened once for them.</summary>
    public static Func<RunTask, CancellationToken, Task<RunResult>> Behind(SemaphoreSlim gate) => async (_, stop) =>
    {
        await gate.WaitAsync(stop);
        return RunResult.Good;
    };

    public static JobDefinition Definition(string json)
    {
        using var parsed = JsonDocument.Parse(json);
        var (definition, errors) = JobDefinitionJson.Read(parsed.RootElement);
        return definition ?? throw new InvalidOperationException(string.Join(", ", errors.ByName.Select(error => $"{error.Key}: {string.Join(' ', error.Value)}")));
    }

    /// <summary>Puts a job that runs the code of the test, with further members.</summary>
    public async Task<Job> PutAsync(string id, string members = "")
    {
        var definition = Definition($$"""{"action": {"type": "none"}{{(members.Length == 0 ? "" : $", {members}")}}}""");
        return Assert.IsType<JobResult.Done>(await Store.Definitions.PutAsync(Id(id), definition, VersionCondition.None, CancellationToken.None)).Job;
    }

    public async Task<QueueItem> EnqueueAsync(string id, string parameters = "", TimeSpan delay = default, string? key = null) =>
        Assert.IsType<EnqueueResult.Stored>(
            await Store.Queues.EnqueueAsync(Id(id), System.Text.Encoding.UTF8.GetBytes(parameters), delay, key, CancellationToken.None)).Item;

    public async Task<Run> RunAsync(string id) =>
        Assert.IsType<RunNowResult.Started>(await Store.Runs.StartAsync(Id(id), CancellationToken.None)).Run;

    /// <summary>The records of a job, oldest first.</summary>
    public async Task<IReadOnlyList<Run>> RunsAsync(string id) =>
        [.. (await Store.Runs.ListAsync(new RunQuery(Id(id)), 1000, CancellationToken.None)).Runs.Reverse()];

    /// <summary>Waits until the job has this many records of ended runs, and no other records; oldest first.</summary>
    public async Task<IReadOnlyList<Run>> EndedAsync(string id, int count)
    {
        IReadOnlyList<Run> runs = [];
        await Until.TrueAsync(
            () => (runs = RunsAsync(id).GetAwaiter().GetResult()).Count(run => run.Outcome is not null) >= count && runs.All(run => run.Outcome is not null),
            () => $"{runs.Count} runs: {string.Join(", ", runs)}");
        return runs;
    }

    /// <summary>Waits until this many runs have started.</summary>
    public Task BegunAsync(int count) => Until.TrueAsync(() => _acted.Count >= count, () => $"{_acted.Count} have begun");

    /// <summary>Changes the file without the knowledge of the jobs.</summary>
    public async Task ChangeAsync(string sql)
    {
        var change = new Change(sql);
        Storage.Main.Writer.Queue.Enqueue(change);
        await change.Answered.WaitAsync(Until.Limit);
    }

    /// <summary>Completes when all earlier messages are handled and all queued writes are committed.</summary>
    public async Task SettleAsync()
    {
        // The cancellation of a run that does not exist is handled after all earlier messages. Then the writes that they have queued are committed.
        await Store.Runs.CancelAsync(Id("nothing"), new RunId(1), CancellationToken.None);
        await Until.TrueAsync(() => Storage.Main.Writer.Queue.Rows == 0);
    }

    /// <summary>Moves the clock from timer to timer, and waits each time until its messages are handled.</summary>
    public async Task TurnAsync(TimeSpan time)
    {
        // A timer that is being set now has already read the clock. Without this wait, it would be late by the whole step.
        await SettleAsync();
        await Clock.AdvanceAsync(time, CheckOfTheClock, SettleAsync);
        await SettleAsync();
    }

    /// <summary>Moves the clock in one step, as if the process had stood still.</summary>
    public async Task JumpAsync(TimeSpan time)
    {
        await SettleAsync();
        Clock.Advance(time);
        await SettleAsync();
    }

    public async Task TurnToAsync(string time) => await TurnAsync(At(time) - Clock.GetUtcNow());

    /// <summary>Stops and starts the jobs, as a stop and a start of the program.</summary>
    public async Task ReopenAsync()
    {
        await _tree.CloseAsync();
        await OpenAsync();
    }

    public Task StopAsync() => _tree.CloseAsync();

    public Task StartAgainAsync() => OpenAsync();

    /// <inheritdoc cref="TreeAtWork.DieAsync"/>
    public async Task DieAsync()
    {
        await _tree.DieAsync();
        await _tree.WhenReady(JobsModule.Name);
    }

    public Task RestartAsync(string path) => _tree.RestartAsync(path);

    public Task StopActorAsync(string path) => _tree.StopAsync(path);

    public ValueTask DisposeAsync() => _tree.DisposeAsync();

    private Task OpenAsync() => _tree.Open().WhenReady(JobsModule.Name);

    private sealed class Change(string sql) : AnsweredWrite<SqliteSession, string>(null)
    {
        public override void Apply(SqliteSession session)
        {
            session[sql].Run();
            Outcome = sql;
        }
    }

    private Task<RunResult> ActAsync(RunTask task, CancellationToken stop)
    {
        _acted.Enqueue(task);
        return Act(task, stop);
    }
}
