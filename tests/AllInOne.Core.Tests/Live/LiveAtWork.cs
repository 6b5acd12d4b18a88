using System.Text;
using Akka.Actor;
using AllInOne.Core.Entities;
using AllInOne.Core.Entities.Snapshots;
using AllInOne.Core.Events;
using AllInOne.Core.Events.History;
using AllInOne.Core.Feeds;
using AllInOne.Core.Inspection;
using AllInOne.Core.Live;
using AllInOne.Core.Storage;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Tests.Live;

/// <summary>Storage, event log and entities as in the program, on a separate data directory.</summary>
internal sealed class LiveAtWork : IAsyncDisposable
{
    private readonly TreeAtWork _tree;

    public LiveAtWork(
        LiveOptions? live = null, EntitiesOptions? entities = null, TimeProvider? clock = null, StorageOptions? storage = null, FeedsOptions? feeds = null)
    {
        var options = new SystemTreeOptions
        {
            Live = live ?? new LiveOptions(),
            Entities = entities ?? new EntitiesOptions(),
            Storage = storage ?? new StorageOptions(),
            Feeds = feeds ?? new FeedsOptions(),
            Supervision = Supervision,
        };
        _tree = new TreeAtWork(options, (_, spec) => [spec.Storage, spec.Live, spec.Entities, .. feeds is null ? [] : (ChildSpec[])[spec.Feeds]], clock).Open();
    }

    public SupervisionOptions Supervision { get; } = new()
    {
        MinBackoff = TimeSpan.FromMilliseconds(1),
        MaxBackoff = TimeSpan.FromMilliseconds(5),
    };

    public ActorSystem System => _tree.System;

    public HistoryStore History => _tree.Parts.Storage.History;

    public EventLog Events => _tree.Parts.Live.Events;

    public LiveConnections Live => _tree.Parts.Live.Connections;

    public EntityDirectory Entities => _tree.Parts.Entities.Directory;

    public FeedDirectory Feeds => _tree.Parts.Feeds.Directory;

    public Readiness Readiness => _tree.Parts.Readiness;

    public ActorRuntime Runtime => _tree.Runtime;

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
    public Task Settled() => _tree.EventsStoredAsync();

    public Task<EventPage> Read(long? since, double seconds = 0, int limit = 500, params string[] topics) =>
        Live.ReadAsync(new EventQuery(since, TimeSpan.FromSeconds(seconds), limit, Topics(topics)), CancellationToken.None);

    public Task WhenRestored() => _tree.WhenReady(EntitiesModule.Name);

    public Task StartLiveAsync() => _tree.StartAsync(new TreeSpec(_tree.Parts).Live);

    /// <summary>Stops from the bottom up, as the program does, and starts again on the same data.</summary>
    public Task Restart() => _tree.ReopenAsync();

    public ValueTask DisposeAsync() => _tree.DisposeAsync();
}
