using AllInOne.Core.Events;
using AllInOne.Core.Events.History;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Tests.Storage.History;

public sealed class HistoryStoreTests
{
    [Fact]
    public async Task Event_is_read_as_it_was_stored()
    {
        await using var storage = new StorageAtWork();
        var time = new DateTimeOffset(2026, 7, 1, 12, 30, 15, TimeSpan.Zero).AddMicroseconds(123_456);
        var published = StorageAtWork.Event(42, "sensor.kuche", 3, time);
        var state = JsonText.FromText("läuft \"gut\" 🙂");
        storage.Append(published, new EntityRow(StorageAtWork.Id("sensor.kuche"), 3, published.Data, state));
        storage.Append(new EventEncoder().Encode(time, "entities/sensor.kuche", "test", "\"\""u8).Number(43), null);
        storage.WriteHere();

        var events = await storage.Events();
        var items = (await History(storage, "sensor.kuche")).Items;

        Assert.Equal(published.Json.ToArray(), events[0].Json.ToArray());
        Assert.Equal((42, time, published.Topic, published.Type), (events[0].Seq, events[0].Time, events[0].Topic, events[0].Type));
        Assert.Equal("\"\""u8.ToArray(), events[1].Data.ToArray());
        Assert.Equal((42, time, published.Topic, published.Type, 3, state), (items[0].Seq, items[0].Time, items[0].Topic, items[0].Type, items[0].Version, items[0].State));
        Assert.Equal(published.Data.ToArray(), items[0].Data.ToArray());
        Assert.Equal((43, 0, null), (items[1].Seq, items[1].Version, items[1].State));
    }

    [Fact]
    public async Task Events_are_read_in_pages_by_seq()
    {
        await using var storage = new StorageAtWork();
        foreach (var seq in new long[] { 5, 6, 100, 101, 102 })
        {
            storage.Append(seq, "sensor.a", seq);
        }

        storage.WriteHere();

        Assert.Equal([6L, 100], (await storage.Events(since: 5, limit: 2)).Select(e => e.Seq));
        Assert.Empty(await storage.Events(since: 102));
    }

    [Fact]
    public async Task Newest_stored_seq_is_known_at_the_next_start()
    {
        await using var storage = new StorageAtWork();
        Assert.Equal((0, 0), (storage.Store.LastStoredSeq, storage.Store.Floor));
        storage.Append(77, "sensor.a", 1);
        storage.Append(78, "sensor.a", 2);
        storage.WriteHere();

        storage.Reopen();

        Assert.Equal((78, 0), (storage.Store.LastStoredSeq, storage.Store.Floor));
    }

    [Fact]
    public async Task History_is_paged_oldest_first_over_the_indexed_part_and_the_rest()
    {
        await using var storage = new StorageAtWork();
        for (var seq = 1; seq <= 60; seq++)
        {
            storage.Append(seq, seq % 3 == 0 ? "sensor.a" : "sensor.b", seq);
            if (seq == 30)
            {
                storage.Enqueue(new IndexHistory());
            }
        }

        storage.WriteHere();

        var seqs = new List<long>();
        string? cursor = null;
        do
        {
            var page = await History(storage, "sensor.a", limit: 7, cursor: cursor);
            seqs.AddRange(page.Items.Select(e => e.Seq));
            cursor = page.Next;
        }
        while (cursor is not null);

        Assert.Equal(Enumerable.Range(1, 20).Select(n => n * 3L), seqs);
    }

    [Fact]
    public async Task History_is_cut_by_time_from_included_to_excluded()
    {
        await using var storage = new StorageAtWork();
        for (var seq = 1; seq <= 10; seq++)
        {
            storage.Append(seq, "sensor.a", seq);
        }

        storage.WriteHere();

        var page = await History(storage, "sensor.a", from: Second(3), to: Second(6), limit: 3);

        Assert.Equal([3L, 4, 5], page.Items.Select(e => e.Seq));
        Assert.Null(page.Next);
    }

    [Fact]
    public async Task Events_of_one_moment_are_all_paged()
    {
        await using var storage = new StorageAtWork();
        for (var seq = 1; seq <= 9; seq++)
        {
            storage.Append(seq, "sensor.a", seq, time: Second(1));
        }

        storage.WriteHere();

        var first = await History(storage, "sensor.a", from: Second(1), limit: 4);
        var second = await History(storage, "sensor.a", from: Second(1), limit: 5, cursor: first.Next);

        Assert.Equal([1L, 2, 3, 4], first.Items.Select(e => e.Seq));
        Assert.Equal([5L, 6, 7, 8, 9], second.Items.Select(e => e.Seq));
    }

    [Fact]
    public async Task History_of_an_unknown_entity_is_empty()
    {
        await using var storage = new StorageAtWork();
        storage.WriteHere();

        Assert.Empty((await History(storage, "sensor.nobody")).Items);
    }

    [Theory]
    [InlineData("")]
    [InlineData("12")]
    [InlineData("12.x")]
    [InlineData("1.2.3")]
    public async Task Foreign_cursor_is_refused(string cursor)
    {
        await using var storage = new StorageAtWork();

        await Assert.ThrowsAsync<FormatException>(() => History(storage, "sensor.a", cursor: cursor));
    }

    [Fact]
    public async Task Index_is_extended_after_each_stretch_of_events()
    {
        await using var storage = new StorageAtWork();
        for (var seq = 1; seq <= IndexHistory.Stretch + 5; seq++)
        {
            storage.Append(seq, "sensor.a", seq);
        }

        storage.WriteHere();

        using var session = storage.Store.Writer.File.OpenReader();
        Assert.Equal([(long)IndexHistory.Stretch], session["SELECT value FROM meta WHERE key = 'indexed'"].Rows(row => row.Int64(0)));
        Assert.Equal([(long)IndexHistory.Stretch], session["SELECT count(*) FROM history"].Rows(row => row.Int64(0)));
    }

    private static DateTimeOffset Second(int second) => DateTimeOffset.UnixEpoch.AddSeconds(second);

    private static Task<HistoryPage> History(
        StorageAtWork storage, string id, DateTimeOffset? from = null, DateTimeOffset? to = null, int limit = 100, string? cursor = null) =>
        storage.Store.ReadHistoryAsync(StorageAtWork.Id(id), from, to, limit, cursor, CancellationToken.None);
}
