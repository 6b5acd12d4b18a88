using System.Text;
using Akka.Actor;
using AllInOne.Core.Data;
using AllInOne.Core.Entities;
using AllInOne.Core.Entities.Snapshots;
using AllInOne.Core.Events;
using AllInOne.Core.Events.History;
using AllInOne.Core.Inspection;
using AllInOne.Core.Live;
using AllInOne.Core.Storage;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;
using Microsoft.Extensions.Logging.Abstractions;

namespace AllInOne.Core.Tests.Live;

/// <summary>Storage, event log and entities as the program runs them, on a data directory of their own.</summary>
internal sealed class LiveAtWork : IAsyncDisposable
{
    private readonly TemporaryDirectory _root = new();
    private readonly LiveOptions _live;
    private readonly EntitiesOptions _entities;
    private readonly TimeProvider _clock;
    private readonly StorageOptions _storing;
    private DataDirectory? _data;
    private StorageModule? _storage;
    private Props? _liveSupervisor;

    public LiveAtWork(
        LiveOptions? live = null, EntitiesOptions? entities = null, TimeProvider? clock = null, StorageOptions? storage = null)
    {
        _storing = storage ?? new StorageOptions();
        _live = live ?? new LiveOptions();
        _entities = entities ?? new EntitiesOptions();
        _clock = clock ?? TimeProvider.System;
        Start();
    }

    public SupervisionOptions Supervision { get; } = new()
    {
        MinBackoff = TimeSpan.FromMilliseconds(1),
        MaxBackoff = TimeSpan.FromMilliseconds(5),
    };

    public ActorSystem System { get; private set; } = null!;

    public HistoryStore History { get; private set; } = null!;

    public EventLog Events { get; private set; } = null!;

    public LiveConnections Live { get; private set; } = null!;

    public EntityDirectory Entities { get; private set; } = null!;

    public Readiness Readiness { get; private set; } = null!;

    public ActorRuntime Runtime { get; private set; } = null!;

    public static EntityId Id(string text) => EntityId.Parse(text);

    public static EntityReport Report(string id, string? state, params (string Name, string Text)[] attributes) => new(
        Id(id),
        state is null ? null : JsonText.FromText(state),
        null,
        null,
        null,
        null,
        [.. attributes.Select(a => new KeyValuePair<string, JsonText>(a.Name, JsonText.FromText(a.Text)))]);

    public static EntityReplacement Replacement(string state) =>
        new(JsonText.FromText(state), AttributeSet.Empty, null, null, null, null, Virtual: false);

    public static TopicFilter Topics(params string[] patterns)
    {
        Assert.True(TopicFilter.TryParse(patterns, out var filter, out var error), error);
        return filter;
    }

    public TestProbe Probe() => System.CreateProbe();

    public void Publish(string topic, string data = "null") => Events.Publish(topic, "test", Encoding.UTF8.GetBytes(data));

    /// <summary>Reports as a feed does, and completes when the report is committed.</summary>
    public async Task ReportAsync(EntityReport report)
    {
        var probe = Probe();
        Entities.Report(report, new Receipt(probe.Ref, 1));
        await probe.ExpectMsgAsync<Committed>(Until.Limit);
    }

    /// <summary>
    /// Completes when every event that was published before is committed. A report to an entity is not published yet while the
    /// entity's actor has not handled it: see <see cref="ReportAsync"/>.
    /// </summary>
    public async Task Settled()
    {
        var probe = Probe();
        Events.Barrier(new Receipt(probe.Ref, 1));
        await probe.ExpectMsgAsync<Committed>(Until.Limit);
    }

    public Task<EventPage> Read(long? since, double seconds = 0, int limit = 500, params string[] topics) =>
        Live.ReadAsync(new EventQuery(since, TimeSpan.FromSeconds(seconds), limit, Topics(topics)), CancellationToken.None);

    public Task WhenRestored() => Readiness.WhenReady(EntitiesModule.Name).WaitAsync(Until.Limit);

    public void StartLive(string name = LiveModule.Name) => System.ActorOf(_liveSupervisor!, name);

    /// <summary>Stops as the program stops, from the bottom up, and starts on the same data.</summary>
    public async Task Restart()
    {
        await Stop();
        Start();
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _root.Dispose();
    }

    private void Start()
    {
        _data = DataDirectory.Claim(_root["data"]);
        Readiness = new Readiness();
        _storage = new StorageModule(_data, _storing, _clock, Readiness, NullLoggerFactory.Instance);
        History = _storage.History;
        System = TestSystem.Create("live-tests");
        DeadLetterRefusal.Start(System);
        Runtime = new ActorRuntime(System);
        var live = new LiveModule(_live, History, _clock, NullLoggerFactory.Instance);
        var entities = new EntitiesModule(_entities, Supervision, History, live.Events, _clock, Readiness, NullLoggerFactory.Instance);
        (Events, Live, Entities) = (live.Events, live.Connections, entities.Directory);
        var spec = new TreeSpec(Supervision, Readiness, NullLoggerFactory.Instance);
        System.ActorOf(spec.Storage(_storage, _storing).Props, StorageModule.Name);
        _liveSupervisor = spec.Live(live).Props;
        StartLive();
        System.ActorOf(TreeSpec.Entities(entities).Props, EntitiesModule.Name);
    }

    private async Task Stop()
    {
        await System.ActorSelection("/user/entities").ResolveOne(Until.Limit).Result.GracefulStop(Until.Limit);
        await System.Terminate();
        _storage?.Dispose();
        _data?.Dispose();
    }
}
