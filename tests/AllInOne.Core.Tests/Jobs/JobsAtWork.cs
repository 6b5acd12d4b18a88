using System.Collections.Concurrent;
using System.Text.Json;
using Akka.Actor;
using AllInOne.Core.Data;
using AllInOne.Core.Jobs;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Jobs.Running;
using AllInOne.Core.Live;
using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values;
using Microsoft.Extensions.Logging.Abstractions;

namespace AllInOne.Core.Tests.Jobs;

/// <summary>A data directory of its own with jobs in it, at a time that the test turns. What a run does is in the test's hands.</summary>
internal sealed class JobsAtWork : IAsyncDisposable
{
    /// <summary>The actor of the schedules looks so often whether the wall clock was set.</summary>
    private static readonly TimeSpan CheckOfTheClock = TimeSpan.FromSeconds(1);

    private readonly TemporaryDirectory _root = new();
    private readonly ConcurrentQueue<RunTask> _acted = new();
    private DataDirectory _data;
    private ActorSystem _system = null!;
    private StorageModule _storage = null!;
    private JobsModule? _module;

    private JobsAtWork(TimeProvider clock, string? directory)
    {
        Time = clock;
        _data = DataDirectory.Claim(directory ?? _root["data"]);
    }

    public JobsOptions Options { get; } = new() { WriteTimeout = Until.Limit };

    public TimeProvider Time { get; }

    public FakeClock Clock => (FakeClock)Time;

    public JobStore Store { get; private set; } = null!;

    public Readiness Readiness { get; private set; } = new();

    public Dictionary<string, JobDefinition> BuiltIn { get; } = [];

    /// <summary>What a run does from now on; at first nothing.</summary>
    public Func<RunTask, CancellationToken, Task<RunResult>> Act { get; set; } = (_, _) => Task.FromResult(RunResult.Good);

    public StorageModule Storage => _storage;

    /// <summary>All runs that have begun, in this process.</summary>
    public IReadOnlyList<RunTask> Acted => [.. _acted];

    /// <param name="clock">A fake one of the first of March 2026, at noon, when null.</param>
    public static async Task<JobsAtWork> StartAsync(Action<JobsOptions>? configure = null, TimeProvider? clock = null, string? directory = null)
    {
        var work = new JobsAtWork(clock ?? new FakeClock(At("2026-03-01T12:00:00Z")), directory);
        configure?.Invoke(work.Options);
        await work.OpenAsync();
        return work;
    }

    public static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);

    public static JobId Id(string id) => JobId.Parse(id);

    /// <summary>Runs that end, one for each time that the gate is opened.</summary>
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

    /// <summary>A job that does what the test says, with further members.</summary>
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

    /// <summary>Oldest first.</summary>
    public async Task<IReadOnlyList<Run>> RunsAsync(string id) =>
        [.. (await Store.Runs.ListAsync(new RunQuery(Id(id)), 1000, CancellationToken.None)).Runs.Reverse()];

    /// <summary>Waits until it has so many records of ended runs; oldest first.</summary>
    public async Task<IReadOnlyList<Run>> EndedAsync(string id, int count)
    {
        IReadOnlyList<Run> runs = [];
        await Until.TrueAsync(
            () => (runs = RunsAsync(id).GetAwaiter().GetResult()).Count(run => run.Outcome is not null) >= count && runs.All(run => run.Outcome is not null),
            () => $"{runs.Count} runs: {string.Join(", ", runs)}");
        return runs;
    }

    /// <summary>Waits for that many runs to have begun.</summary>
    public Task BegunAsync(int count) => Until.TrueAsync(() => _acted.Count >= count, () => $"{_acted.Count} have begun");

    /// <summary>Changes the file behind the jobs' back.</summary>
    public async Task ChangeAsync(string sql)
    {
        var change = new Change(sql);
        _storage.Main.Writer.Queue.Enqueue(change);
        await change.Answered.WaitAsync(Until.Limit);
    }

    /// <summary>Everything that was told or is to be written has been taken in.</summary>
    public async Task SettleAsync()
    {
        // A cancel of nothing goes the way of everything else, and is answered behind it; then what that has queued is written.
        await Store.Runs.CancelAsync(Id("nothing"), new RunId(1), CancellationToken.None);
        await Until.TrueAsync(() => _storage.Main.Writer.Queue.Rows == 0);
    }

    /// <summary>Moves the clock from timer to timer, and waits each time until its messages are handled.</summary>
    public async Task TurnAsync(TimeSpan time)
    {
        // A timer that is being set at this moment has read the clock already: it would come due too late by the whole step.
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

    /// <summary>As after a stop and a start of the program.</summary>
    public async Task ReopenAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    public Task StopAsync() => CloseAsync();

    public Task StartAgainAsync() => OpenAsync();

    /// <summary>As after the death of the program at this moment: the next start sees the files as they are now.</summary>
    public async Task DieAsync()
    {
        var copy = _root.CopyOf(_data.Path, "*.db*");
        await CloseAsync();
        _data.Dispose();
        _data = DataDirectory.Claim(copy);
        await OpenAsync();
    }

    /// <summary>Gives an actor a new instance, as after a failure.</summary>
    public void Restart(string path)
    {
        var actor = (IInternalActorRef)_system.ActorSelection(path).ResolveOne(Until.Limit).GetAwaiter().GetResult();
        actor.Suspend();
        actor.Restart(new InvalidOperationException("restarted by a test"));
    }

    public async Task StopActorAsync(string path)
    {
        var actor = await _system.ActorSelection(path).ResolveOne(Until.Limit);
        Assert.True(await actor.GracefulStop(Until.Limit));
    }

    public async ValueTask DisposeAsync()
    {
        if (_module is not null)
        {
            await CloseAsync();
        }

        _data.Dispose();
        _root.Dispose();
    }

    private async Task OpenAsync()
    {
        Readiness = new Readiness();
        _storage = new StorageModule(_data, new StorageOptions(), Time, new Readiness(), NullLoggerFactory.Instance);
        _system = TestSystem.Create("jobs-tests");
        DeadLetterRefusal.Start(_system);
        var supervision = new SupervisionOptions { MaxRestarts = 1000, MinBackoff = TimeSpan.FromMilliseconds(1), MaxBackoff = TimeSpan.FromMilliseconds(1) };
        var spec = new TreeSpec(supervision, Readiness, NullLoggerFactory.Instance);
        _system.ActorOf(spec.Storage(_storage, new StorageOptions()).Props, StorageModule.Name);
        var live = new LiveModule(new LiveOptions(), _storage.History, Time, NullLoggerFactory.Instance);
        _system.ActorOf(spec.Live(live).Props, LiveModule.Name);
        _module = new JobsModule(Options, BuiltIn, _storage.Main, live.Events, Time, Readiness, NullLoggerFactory.Instance, ActAsync);
        _system.ActorOf(spec.Jobs(_module).Props, JobsModule.Name);
        Store = _module.Store;
        await Readiness.WhenReady(JobsModule.Name);
    }

    private sealed class Change(string sql) : AnsweredWrite<string>(null)
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

    private async Task CloseAsync()
    {
        foreach (var part in (string[])["/user/jobs", "/user/live", "/user/storage"])
        {
            await StopActorAsync(part);
        }

        await _system.Terminate();
        _module!.Dispose();
        _module = null;
        _storage.Dispose();
    }
}
