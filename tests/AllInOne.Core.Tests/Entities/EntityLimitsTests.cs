using AllInOne.Core.Entities;
using AllInOne.Core.Entities.Commands;
using AllInOne.Core.Entities.Snapshots;
using AllInOne.Core.Storage;
using AllInOne.Core.Tests.Live;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Tests.Entities;

public class EntityLimitsTests
{
    private static readonly EntityId Kitchen = LiveAtWork.Id("sensor.kitchen");
    private static readonly EntityId Hall = LiveAtWork.Id("input_text.hall");

    [Fact]
    public async Task Reports_that_together_pass_a_limit_are_refused_and_the_entity_keeps_what_it_had()
    {
        await using var home = new LiveAtWork(entities: new EntitiesOptions { MaxAttributes = 250 });
        var probe = home.Probe();
        for (var batch = 0; batch < 4; batch++)
        {
            home.Entities.Report(Report(batch * 100, 100), new Receipt(probe.Ref, batch));
        }

        home.Entities.Report(LiveAtWork.Report("sensor.kitchen", "22"), new Receipt(probe.Ref, 4));
        Assert.Equal([2, 3], await Refused(probe, 5, "Entities:MaxAttributes"));
        var kitchen = home.Entities.Find(Kitchen)!;
        Assert.Equal((200, 3L, "22"), (kitchen.Attributes.Count, kitchen.Version, kitchen.State.Raw));
    }

    [Fact]
    public async Task The_bytes_of_merged_attributes_are_bounded()
    {
        await using var home = new LiveAtWork(entities: new EntitiesOptions { MaxAttributesBytes = 2048 });
        var probe = home.Probe();
        var text = new string('x', 900);
        home.Entities.Report(LiveAtWork.Report("sensor.kitchen", "1", ("a", text), ("b", text)), new Receipt(probe.Ref, 0));
        home.Entities.Report(LiveAtWork.Report("sensor.kitchen", "2", ("c", text)), new Receipt(probe.Ref, 1));
        home.Entities.Report(LiveAtWork.Report("sensor.kitchen", "3", ("a", "short"), ("c", text)), new Receipt(probe.Ref, 2));
        Assert.Equal([1], await Refused(probe, 3, "Entities:MaxAttributesBytes"));
        Assert.Equal("3", home.Entities.Find(Kitchen)!.State.Raw);
    }

    [Fact]
    public async Task A_first_report_over_a_limit_leaves_no_entity_and_no_actor()
    {
        await using var home = new LiveAtWork(entities: new EntitiesOptions { MaxAttributes = 2 });
        await home.WhenRestored();
        var probe = home.Probe();
        home.Entities.Report(Report(0, 3), new Receipt(probe.Ref, 7));
        Assert.Equal([7], await Refused(probe, 1, "Entities:MaxAttributes"));
        await Until.TrueAsync(() => home.Runtime.Find("/user/entities")!.Children == 0);
        Assert.Null(home.Entities.Find(Kitchen));
    }

    [Fact]
    public async Task A_command_that_makes_the_state_too_large_is_refused()
    {
        await using var home = new LiveAtWork(entities: new EntitiesOptions { MaxStateBytes = 64 });
        await home.Entities.PutAsync(Hall, LiveAtWork.Replacement("short"), CancellationToken.None);
        var command = new EntityCommand("set", new JsonText($"{{\"state\":\"{new string('x', 100)}\"}}"));
        var wrong = Assert.IsType<CommandResult.Wrong>(await home.Entities.CommandAsync(Hall, command, CancellationToken.None));
        Assert.Equal("parameters.state", wrong.Member);
        Assert.Contains("Entities:MaxStateBytes", wrong.Reason, StringComparison.Ordinal);
        Assert.Equal("\"short\"", home.Entities.Find(Hall)!.State.Raw);
    }

    [Fact]
    public async Task An_entity_that_was_stored_over_the_limits_is_restored_completely_delays_no_other_and_may_shrink_but_not_grow()
    {
        const int Count = 95_000;
        var options = new EntitiesOptions { MaxAttributes = 100_000, MaxAttributesBytes = 16 * 1024 * 1024 };
        await using var home = new LiveAtWork(entities: options);
        await home.ReportAsync(Report(0, Count, new string('v', 100)));
        await home.Entities.PutAsync(Hall, LiveAtWork.Replacement("on"), CancellationToken.None);
        (options.MaxAttributes, options.MaxAttributesBytes) = (256, 256 * 1024);

        await home.Restart();
        await home.WhenRestored();
        Assert.Equal(Count, home.Entities.Find(Kitchen)!.Attributes.Count);
        Assert.NotNull(home.Entities.Find(Hall));
        var probe = home.Probe();
        home.Entities.Report(LiveAtWork.Report("sensor.kitchen", "22", ("n5", "x")), new Receipt(probe.Ref, 1));
        home.Entities.Report(LiveAtWork.Report("sensor.kitchen", "23", ("new", "1")), new Receipt(probe.Ref, 2));
        Assert.Equal([2], await Refused(probe, 2, "Entities:MaxAttributes"));
        var kitchen = home.Entities.Find(Kitchen)!;
        Assert.Equal(("22", "\"x\""), (kitchen.State.Raw, kitchen.Attributes["n5"].Raw));
        var kept = kitchen.Attributes.Take(Count - 1).ToList();
        await home.Entities.PutAsync(Kitchen, LiveAtWork.Replacement("24") with { Attributes = AttributeSet.From(kept) }, CancellationToken.None);
        var larger = LiveAtWork.Replacement("25") with { Attributes = AttributeSet.From([.. kept, new("new", JsonText.True)]) };
        var (_, fault) = await home.Entities.PutIfAsync(Kitchen, larger, VersionCondition.None, CancellationToken.None);
        Assert.Contains("Entities:MaxAttributes)", fault!.Reason, StringComparison.Ordinal);
        Assert.Equal(("24", Count - 1), (home.Entities.Find(Kitchen)!.State.Raw, home.Entities.Find(Kitchen)!.Attributes.Count));
        await home.Entities.PutAsync(Kitchen, LiveAtWork.Replacement("24"), CancellationToken.None);
        Assert.Empty(home.Entities.Find(Kitchen)!.Attributes);
    }

    private static EntityReport Report(int first, int count, string text = "1") =>
        LiveAtWork.Report("sensor.kitchen", "21", [.. Enumerable.Range(first, count).Select(n => ($"n{n}", text))]);

    /// <summary>Waits until each report is committed or refused. Returns the tags of the refused reports, in order.</summary>
    private static async Task<List<long>> Refused(TestProbe probe, int reports, string reason)
    {
        List<long> refused = [];
        for (var answered = 0; answered < reports;)
        {
            switch (await probe.ExpectMsgAsync<object>(Until.Limit))
            {
                case Committed committed:
                    answered += committed.Tags.Count;
                    break;
                case ReceiptFailed failed:
                    Assert.Contains(reason, failed.Reason, StringComparison.Ordinal);
                    refused.Add(failed.Tag);
                    answered++;
                    break;
                case var other:
                    Assert.Fail($"Neither committed nor refused: {other}");
                    break;
            }
        }

        return refused;
    }
}
