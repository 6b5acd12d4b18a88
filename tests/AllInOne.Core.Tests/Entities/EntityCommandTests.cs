using System.Text;
using Akka.Actor;
using AllInOne.Core.Entities;
using AllInOne.Core.Entities.Snapshots;
using AllInOne.Core.Storage;
using AllInOne.Core.Tests.Live;
using AllInOne.Core.Tests.Storage;
using AllInOne.Core.Values;

namespace AllInOne.Core.Tests.Entities;

public class EntityCommandTests
{
    private static readonly EntityId Hall = LiveAtWork.Id("light.hall");

    [Fact]
    public async Task First_report_creates_the_entity_and_its_receipt_is_answered_after_the_commit()
    {
        await using var home = new LiveAtWork();
        var start = home.Events.Head;
        var probe = home.Probe();
        home.Entities.Report(LiveAtWork.Report("light.hall", "on", ("brightness", "80")), new Receipt(probe.Ref, 7));
        Assert.Equal([7], (await probe.ExpectMsgAsync<Committed>(Until.Limit)).Tags);
        var entity = home.Entities.Find(Hall)!;
        Assert.Equal(("\"on\"", 1L), (entity.State.Raw, entity.Version));
        var made = (await home.Read(start)).Events.Single();
        Assert.Equal(("entities/light.hall", "created"), (made.Topic, made.Type));
        Assert.Equal(entity, EntitySnapshot.Parse(made.Data));
        Assert.Equal(entity.Updated, made.Time);
        var stored = (await home.History.ReadHistoryAsync(Hall, null, null, 10, null, CancellationToken.None)).Items.Single();
        Assert.Equal((made.Seq, 1L, "\"on\""), (stored.Seq, stored.Version, stored.State!.Value.Raw));
        Assert.Equal(made.Data.ToArray(), stored.Data.ToArray());
    }

    [Fact]
    public async Task A_report_that_changes_nothing_makes_no_event_but_is_acknowledged_in_order()
    {
        await using var home = new LiveAtWork();
        var start = home.Events.Head;
        var probe = home.Probe();
        for (var tag = 1; tag <= 3; tag++)
        {
            home.Entities.Report(LiveAtWork.Report("light.hall", tag == 3 ? "off" : "on"), new Receipt(probe.Ref, tag));
        }

        var tags = new List<long>();
        while (tags.Count < 3)
        {
            tags.AddRange((await probe.ExpectMsgAsync<Committed>(Until.Limit)).Tags);
        }

        Assert.Equal([1, 2, 3], tags);
        Assert.Equal(["created", "changed"], (await home.Read(start)).Events.Select(e => e.Type));
        Assert.Equal(2, home.Entities.Find(Hall)!.Version);
    }

    [Fact]
    public async Task Put_answers_after_the_commit_with_the_entity_and_whether_it_was_created()
    {
        await using var home = new LiveAtWork();
        var created = await home.Entities.PutAsync(Hall, LiveAtWork.Replacement("on"), CancellationToken.None);
        Assert.Equal((true, 1L), (created.Created, created.Snapshot.Version));
        Assert.Equal(created.Snapshot, home.Entities.Find(Hall));
        Assert.Single(await home.History.EventsAsync());
        var replaced = await home.Entities.PutAsync(Hall, LiveAtWork.Replacement("off"), CancellationToken.None);
        Assert.Equal((false, 2L), (replaced.Created, replaced.Snapshot.Version));
        var same = await home.Entities.PutAsync(Hall, LiveAtWork.Replacement("off"), CancellationToken.None);
        Assert.Equal((false, replaced.Snapshot), (same.Created, same.Snapshot));
        Assert.Equal(2, (await home.History.EventsAsync()).Count);
    }

    [Fact]
    public async Task Until_all_entities_are_restored_a_missing_entity_and_a_list_are_unavailable()
    {
        await using var home = new LiveAtWork();
        await home.WhenRestored();
        var directory = new EntityDirectory(new EntitiesOptions(), home.History);

        Assert.Throws<UnavailableException>(() => directory.Find(Hall));
        Assert.Throws<UnavailableException>(() => directory.List(new EntityQuery(null, null, null, 10, null)));

        directory.Restored();

        Assert.Null(directory.Find(Hall));
        Assert.Empty(directory.List(new EntityQuery(null, null, null, 10, null)).Items);
    }

    [Fact]
    public async Task Delete_publishes_the_last_entity_and_stops_its_actor()
    {
        await using var home = new LiveAtWork();
        await home.WhenRestored();
        var probe = home.Probe();
        var last = (await home.Entities.PutAsync(Hall, LiveAtWork.Replacement("on"), CancellationToken.None)).Snapshot;
        var start = home.Events.Head;
        await probe.WatchAsync(await home.System.ActorSelection("/user/entities/light.hall").ResolveOne(Until.Limit));
        Assert.True(await home.Entities.DeleteAsync(Hall, CancellationToken.None));
        Assert.Null(home.Entities.Find(Hall));
        var deleted = (await home.Read(start)).Events.Single();
        Assert.Equal("deleted", deleted.Type);
        Assert.Equal(last, EntitySnapshot.Parse(deleted.Data));
        await probe.ExpectMsgAsync<Terminated>(Until.Limit);
        Assert.False(await home.Entities.DeleteAsync(Hall, CancellationToken.None));
        await home.Restart();
        await home.WhenRestored();
        Assert.Null(home.Entities.Find(Hall));
        Assert.Equal(0, home.Entities.Count);
    }

    [Fact]
    public async Task A_condition_that_does_not_hold_changes_nothing_and_leaves_no_actor_behind()
    {
        await using var home = new LiveAtWork();
        await home.WhenRestored();
        var start = home.Events.Head;
        var mustBeThere = new VersionCondition(new VersionSet(Any: true, []), null);

        Assert.Equal<(PutResult?, EntityFault?)>((null, null), await home.Entities.PutIfAsync(Hall, LiveAtWork.Replacement("on"), mustBeThere, CancellationToken.None));
        Assert.False(await home.Entities.DeleteIfAsync(Hall, mustBeThere, CancellationToken.None));
        Assert.Null(home.Entities.Find(Hall));
        Assert.Equal(start, home.Events.Head);
        for (var round = 0; round < 1000 && home.Runtime.Find("/user/entities")!.Children > 0; round++)
        {
            // One complete way through the actors.
            await home.Settled();
        }

        Assert.Equal(0, home.Runtime.Find("/user/entities")!.Children);
        await home.Entities.PutAsync(Hall, LiveAtWork.Replacement("on"), CancellationToken.None);
        Assert.Null(await home.Entities.DeleteIfAsync(Hall, new VersionCondition(new VersionSet(Any: false, [2]), null), CancellationToken.None));
        Assert.Equal("\"on\"", home.Entities.Find(Hall)!.State.Raw);
    }

    [Fact]
    public async Task An_entity_that_is_deleted_and_reported_in_turn_has_the_state_of_the_last_operation()
    {
        await using var home = new LiveAtWork();
        var start = home.Events.Head;
        var probe = home.Probe();
        var deletes = new List<Task<bool>>();
        for (var i = 0; i < 200; i++)
        {
            home.Entities.Report(LiveAtWork.Report("light.hall", $"{i}"), new Receipt(probe.Ref, i));
            deletes.Add(home.Entities.DeleteAsync(Hall, CancellationToken.None));
            if (i % 10 == 0)
            {
                await deletes[^1];
            }
        }

        Assert.All(await Task.WhenAll(deletes), Assert.True);
        home.Entities.Report(LiveAtWork.Report("light.hall", "last"), new Receipt(probe.Ref, 200));
        await probe.FishForMessageAsync<Committed>(c => c.Tags.Contains(200), Until.Limit);
        var events = (await home.Read(start, limit: 1000)).Events;
        Assert.Equal(401, events.Count);
        Assert.All(events.Select((e, i) => (e, i)), p => Assert.Equal(p.i % 2 == 0 ? "created" : "deleted", p.e.Type));
        Assert.Equal(("\"last\"", 1L), (home.Entities.Find(Hall)!.State.Raw, home.Entities.Find(Hall)!.Version));
    }

    [Fact]
    public async Task One_entity_more_than_allowed_is_refused_and_others_continue()
    {
        await using var home = new LiveAtWork(entities: new EntitiesOptions { MaxEntities = 2 });
        await home.WhenRestored();
        await home.Entities.PutAsync(LiveAtWork.Id("light.a"), LiveAtWork.Replacement("on"), CancellationToken.None);
        await home.Entities.PutAsync(LiveAtWork.Id("light.b"), LiveAtWork.Replacement("on"), CancellationToken.None);
        var probe = home.Probe();
        home.Entities.Report(LiveAtWork.Report("light.c", "on"), new Receipt(probe.Ref, 1));
        Assert.Contains("MaxEntities", (await probe.ExpectMsgAsync<ReceiptFailed>(Until.Limit)).Reason, StringComparison.Ordinal);
        await Assert.ThrowsAsync<FullException>(
            () => home.Entities.PutAsync(LiveAtWork.Id("light.c"), LiveAtWork.Replacement("on"), CancellationToken.None));
        Assert.False((await home.Entities.PutAsync(LiveAtWork.Id("light.a"), LiveAtWork.Replacement("off"), CancellationToken.None)).Created);
        Assert.Equal(2, home.Entities.Count);
    }

    [Fact]
    public async Task A_command_that_is_not_committed_in_time_is_unavailable_and_one_that_is_cancelled_says_so()
    {
        await using var home = new LiveAtWork(entities: new EntitiesOptions { CommandTimeout = TimeSpan.FromMilliseconds(100) });
        await home.WhenRestored();
        Assert.True(home.Runtime.Stop("/user/storage"));
        await Assert.ThrowsAsync<UnavailableException>(
            () => home.Entities.PutAsync(Hall, LiveAtWork.Replacement("on"), CancellationToken.None));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => home.Entities.PutAsync(Hall, LiveAtWork.Replacement("on"), new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Events_of_other_modules_are_published_and_stored_in_the_same_way()
    {
        await using var home = new LiveAtWork();
        var probe = home.Probe();
        var start = home.Events.Head;
        home.Events.Publish("jobs/backup", "started", "{\"run\":1}"u8, new Receipt(probe.Ref, 5));
        Assert.Equal([5], (await probe.ExpectMsgAsync<Committed>(Until.Limit)).Tags);
        var made = (await home.Read(start)).Events.Single();
        var stored = (await home.History.EventsAsync()).Single();
        Assert.Equal(("jobs/backup", "started", "{\"run\":1}"), (stored.Topic, stored.Type, Encoding.UTF8.GetString(made.Data.Span)));
    }
}
