using System.Text;
using Akka.Actor;
using AllInOne.Core.Entities;
using AllInOne.Core.Entities.Commands;
using AllInOne.Core.Entities.Snapshots;
using AllInOne.Core.Tests.Live;
using AllInOne.Core.Tests.Storage;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Tests.Entities.Commands;

public class CommandDeliveryTests
{
    private const string HallCommands = "entities/light.hall/commands";

    private static readonly EntityId Hall = LiveAtWork.Id("light.hall");
    private static readonly EntityId Switch = LiveAtWork.Id("input_boolean.guests");

    [Fact]
    public async Task A_command_is_a_stored_event_beside_the_entity_which_stays_as_it_is()
    {
        await using var home = new LiveAtWork();
        var before = await PutAsync(home, Hall, "off");
        var start = home.Events.Head;

        var accepted = Assert.IsType<CommandResult.Accepted>(await CommandAsync(home, Hall, "turn_on", """{"brightness":80}"""));

        var told = (await home.Read(start)).Events.Single();
        Assert.Equal((HallCommands, "command", accepted.Time), (told.Topic, told.Type, told.Time));
        Assert.Equal("""{"id":"light.hall","command":"turn_on","parameters":{"brightness":80}}""", Text(told.Data));
        // The event is committed when the command is answered.
        var stored = (await home.History.EventsAsync(start)).Single();
        Assert.Equal((told.Seq, HallCommands, Text(told.Data)), (stored.Seq, stored.Topic, Text(stored.Data)));
        Assert.Equal(before, home.Entities.Find(Hall));
        Assert.Single((await home.History.ReadHistoryAsync(Hall, null, null, 10, null, CancellationToken.None)).Items);
    }

    [Fact]
    public async Task A_device_that_was_away_gets_its_commands_from_its_cursor_on_also_after_a_restart()
    {
        await using var home = new LiveAtWork();
        await PutAsync(home, Hall, "off");
        await CommandAsync(home, Hall, "first");
        var cursor = (await home.Read(null, topics: HallCommands)).Next;
        await CommandAsync(home, Hall, "second");
        await PutAsync(home, LiveAtWork.Id("light.halls"), "off");
        await CommandAsync(home, LiveAtWork.Id("light.halls"), "others");
        await CommandAsync(home, Hall, "third");

        await home.Restart();

        var missed = (await home.Read(cursor, topics: HallCommands)).Events;
        Assert.Equal(
            ["""{"id":"light.hall","command":"second","parameters":{}}""", """{"id":"light.hall","command":"third","parameters":{}}"""],
            missed.Select(told => Text(told.Data)));
    }

    [Fact]
    public async Task A_virtual_entity_obeys_with_an_event_and_history_of_its_own()
    {
        await using var home = new LiveAtWork();
        await PutAsync(home, Switch, "off");
        var start = home.Events.Head;

        await CommandAsync(home, Switch, "toggle");

        Assert.Equal(("\"on\"", 2L), (home.Entities.Find(Switch)!.State.Raw, home.Entities.Find(Switch)!.Version));
        var events = (await home.Read(start)).Events;
        Assert.Equal(
            [("entities/input_boolean.guests/commands", "command"), ("entities/input_boolean.guests", "changed")], events.Select(told => (told.Topic, told.Type)));
        Assert.Equal(home.Entities.Find(Switch), EntitySnapshot.Parse(events[1].Data));
        Assert.Equal(2, (await home.History.EventsAsync(start)).Count);
        Assert.Equal(
            ["\"off\"", "\"on\""],
            (await home.History.ReadHistoryAsync(Switch, null, null, 10, null, CancellationToken.None)).Items.Select(item => item.State!.Value.Raw));

        await CommandAsync(home, Switch, "turn_on");

        Assert.Equal(2, home.Entities.Find(Switch)!.Version);
        Assert.Equal(["command", "changed", "command"], (await home.Read(start)).Events.Select(told => told.Type));
        await home.Restart();
        await home.WhenRestored();
        Assert.Equal("\"on\"", home.Entities.Find(Switch)!.State.Raw);
    }

    [Fact]
    public async Task An_entity_of_any_domain_obeys_when_it_was_put_as_virtual()
    {
        await using var home = new LiveAtWork();
        await home.Entities.PutAsync(Hall, LiveAtWork.Replacement("off") with { Virtual = true, Area = "Hall" }, CancellationToken.None);

        await CommandAsync(home, Hall, "set", """{"state":21.5}""");

        var entity = home.Entities.Find(Hall)!;
        Assert.Equal(("21.5", "Hall", true), (entity.State.Raw, entity.Area, entity.Virtual));
    }

    [Fact]
    public async Task Commands_to_one_virtual_entity_are_obeyed_one_after_another()
    {
        await using var home = new LiveAtWork();
        await PutAsync(home, Switch, "off");

        var results = await Task.WhenAll(Enumerable.Range(0, 101).Select(_ => CommandAsync(home, Switch, "toggle")));

        Assert.All(results, result => Assert.IsType<CommandResult.Accepted>(result));
        Assert.Equal(("\"on\"", 102L), (home.Entities.Find(Switch)!.State.Raw, home.Entities.Find(Switch)!.Version));
    }

    [Theory]
    [InlineData("light.hall", "", "{}", "command")]
    [InlineData("light.hall", "a\0b", "{}", "command")]
    [InlineData("light.hall", "turn_on", "[1]", "parameters")]
    [InlineData("light.hall", "turn_on", "{\"a\":\"°°°\"}", "parameters")]
    [InlineData("input_boolean.guests", "dim", "{}", "command")]
    [InlineData("input_boolean.guests", "set", "{}", "parameters.state")]
    public async Task A_command_that_is_unknown_or_cannot_be_sent_publishes_no_event(string id, string command, string parameters, string member)
    {
        // The object with three degree signs has 14 bytes, in 11 characters.
        await using var home = new LiveAtWork(entities: new EntitiesOptions { MaxParametersBytes = 13 });
        var entity = LiveAtWork.Id(id);
        var before = await PutAsync(home, entity, "off");
        var start = home.Events.Head;

        Assert.Equal(member, Assert.IsType<CommandResult.Wrong>(await CommandAsync(home, entity, command, parameters)).Member);

        Assert.Equal(start, home.Events.Head);
        Assert.Equal(before, home.Entities.Find(entity));
    }

    [Fact]
    public async Task A_name_may_have_64_characters_and_no_more()
    {
        await using var home = new LiveAtWork();
        await PutAsync(home, Hall, "off");
        Assert.IsType<CommandResult.Accepted>(await CommandAsync(home, Hall, new string('a', 64)));
        Assert.IsType<CommandResult.Wrong>(await CommandAsync(home, Hall, new string('a', 65)));
    }

    [Fact]
    public async Task A_command_to_an_entity_that_does_not_exist_publishes_no_event_and_creates_no_actor()
    {
        await using var home = new LiveAtWork(entities: new EntitiesOptions { MaxEntities = 1 });
        await home.WhenRestored();
        await PutAsync(home, Switch, "off");
        var start = home.Events.Head;

        Assert.IsType<CommandResult.NoEntity>(await CommandAsync(home, Hall, "turn_on"));

        Assert.Equal(start, home.Events.Head);
        Assert.Equal(1, home.Runtime.Find("/user/entities")!.Children);
        await home.Entities.DeleteAsync(Switch, CancellationToken.None);
        Assert.IsType<CommandResult.NoEntity>(await CommandAsync(home, Switch, "turn_on"));
    }

    [Fact]
    public async Task A_command_waits_for_an_entity_that_is_still_restoring()
    {
        await using var home = new LiveAtWork();
        await PutAsync(home, Switch, "off");
        await home.Restart();

        Assert.IsType<CommandResult.Accepted>(await CommandAsync(home, Switch, "toggle"));
        Assert.IsType<CommandResult.NoEntity>(await CommandAsync(home, Hall, "toggle"));
        Assert.Equal("\"on\"", home.Entities.Find(Switch)!.State.Raw);
    }

    [Fact]
    public async Task A_command_that_is_not_committed_in_time_is_unavailable()
    {
        await using var home = new LiveAtWork(entities: new EntitiesOptions { CommandTimeout = TimeSpan.FromMilliseconds(100) });
        await home.WhenRestored();
        await home.ReportAsync(LiveAtWork.Report("input_boolean.guests", "off"));
        var probe = home.Probe();
        await probe.WatchAsync(await home.System.ActorSelection("/user/storage").ResolveOne(Until.Limit));
        Assert.True(home.Runtime.Stop("/user/storage"));
        await probe.ExpectMsgAsync<Terminated>(Until.Limit);

        await Assert.ThrowsAsync<UnavailableException>(() => CommandAsync(home, Switch, "toggle"));
    }

    private static async Task<EntitySnapshot> PutAsync(LiveAtWork home, EntityId id, string state) =>
        (await home.Entities.PutAsync(id, LiveAtWork.Replacement(state), CancellationToken.None)).Snapshot;

    private static Task<CommandResult> CommandAsync(LiveAtWork home, EntityId id, string command, string parameters = "{}") =>
        home.Entities.CommandAsync(id, new EntityCommand(command, new JsonText(parameters)), CancellationToken.None);

    private static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);
}
