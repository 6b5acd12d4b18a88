using AllInOne.Core.Entities;
using AllInOne.Core.Entities.Commands;
using AllInOne.Core.Storage;
using AllInOne.Core.Tests.Live;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Tests.Entities;

/// <summary>The behaviour at the limit <c>Entities:MaxBytes</c>, with room for fewer than a thousand small entities.</summary>
public sealed class FullEntitiesTests
{
    private const int MaxBytes = 1 << 20;

    private static readonly EntityId Guests = LiveAtWork.Id("input_boolean.guests");
    private static readonly EntityId Note = LiveAtWork.Id("input_text.note");

    [Fact]
    public async Task A_new_entity_is_refused_on_every_way_in()
    {
        await using var home = await FullAsync();
        var (count, bytes) = (home.Entities.Count, home.Entities.Table.Bytes);
        Assert.InRange(bytes, MaxBytes / 16 * 14, MaxBytes / 16 * 15);

        Assert.Contains("Entities:MaxBytes", await ReportAsync(home, "sensor.one_more", "1"), StringComparison.Ordinal);
        var put = await Assert.ThrowsAsync<FullException>(() => PutAsync(home, LiveAtWork.Id("sensor.one_more"), "1"));

        Assert.Contains("Entities:MaxBytes", put.Message, StringComparison.Ordinal);
        Assert.Equal((count, bytes), (home.Entities.Count, home.Entities.Table.Bytes));
        await Until.TrueAsync(() => home.Runtime.Find("/user/entities")!.Children == count);
    }

    [Fact]
    public async Task An_existing_entity_takes_another_state_on_every_way_in_although_it_is_longer()
    {
        await using var home = await FullAsync();
        for (var n = 0; n < 3; n++)
        {
            Assert.Null(await ReportAsync(home, "sensor.s0", "off"));
            Assert.Null(await ReportAsync(home, "sensor.s0", "on"));
        }

        Assert.Null(await ReportAsync(home, "sensor.s1", "unavailable"));
        Assert.IsType<CommandResult.Accepted>(await CommandAsync(home, Guests, "turn_off"));
        await PutAsync(home, LiveAtWork.Id("sensor.s2"), "a longer state");

        Assert.Equal("\"off\"", home.Entities.Find(Guests)!.State.Raw);
        Assert.Equal("\"a longer state\"", home.Entities.Find(LiveAtWork.Id("sensor.s2"))!.State.Raw);
    }

    [Fact]
    public async Task A_large_change_is_refused_on_every_way_in_and_a_smaller_entity_is_accepted()
    {
        await using var home = await FullAsync();
        var text = new string('x', 20_000);

        Assert.Contains("Entities:MaxBytes", await ReportAsync(home, "sensor.s0", text), StringComparison.Ordinal);
        await Assert.ThrowsAsync<FullException>(() => PutAsync(home, Guests, text));
        await Assert.ThrowsAsync<FullException>(() => CommandAsync(home, Note, "set", $"{{\"state\":\"{text}\"}}"));

        Assert.Equal("\"\"", home.Entities.Find(Note)!.State.Raw);
        Assert.True(await home.Entities.DeleteAsync(LiveAtWork.Id("sensor.s1"), CancellationToken.None));
        Assert.Null(await ReportAsync(home, "sensor.one_more", "1"));
    }

    [Fact]
    public async Task Small_changes_together_stay_within_the_limit()
    {
        await using var home = await FullAsync();
        string? refused = null;
        for (var n = 0; refused is null; n++)
        {
            Assert.True(n < 2000, "The limit was never reached.");
            refused = await ReportAsync(home, $"sensor.s{n % 300}", new string('x', 200 * ((n / 300) + 1)));
        }

        Assert.Contains("Entities:MaxBytes", refused, StringComparison.Ordinal);
        Assert.InRange(home.Entities.Table.Bytes, MaxBytes / 16 * 15, MaxBytes);
    }

    /// <summary>Creates two virtual entities, and then further entities until one is refused.</summary>
    private static async Task<LiveAtWork> FullAsync()
    {
        var home = new LiveAtWork(entities: new EntitiesOptions { MaxBytes = MaxBytes });
        await home.WhenRestored();
        await PutAsync(home, Guests, "on");
        await PutAsync(home, Note, "");
        for (var n = 0; await ReportAsync(home, $"sensor.s{n}", "on") is null; n++)
        {
            Assert.True(n < 1000, "The limit was never reached.");
        }

        return home;
    }

    /// <summary>Completes after the commit. Returns the reason if the report is refused, otherwise null.</summary>
    private static async Task<string?> ReportAsync(LiveAtWork home, string id, string state)
    {
        var probe = home.Probe();
        home.Entities.Report(LiveAtWork.Report(id, state), new Receipt(probe.Ref, 1));
        return await probe.ExpectMsgAsync<object>(Until.Limit) is ReceiptFailed failed ? failed.Reason : null;
    }

    private static Task<PutResult> PutAsync(LiveAtWork home, EntityId id, string state) =>
        home.Entities.PutAsync(id, LiveAtWork.Replacement(state), CancellationToken.None);

    private static Task<CommandResult> CommandAsync(LiveAtWork home, EntityId id, string command, string parameters = "{}") =>
        home.Entities.CommandAsync(id, new EntityCommand(command, new JsonText(parameters)), CancellationToken.None);
}
