using System.IO.Pipelines;
using System.Text;
using AllInOne.Core.Entities.Snapshots;
using AllInOne.Core.Events;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Tests.Live;

public class EventEncoderTests
{
    private static readonly DateTimeOffset Time = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly EventEncoder _encoder = new();

    [Fact]
    public void Sequence_number_is_filled_into_its_gap()
    {
        var made = Make(1_772_366_400_000_000, "jobs/backup", "started", "{\"a\":[1,2]}");
        Assert.Equal(
            """{"seq":1772366400000000,"time":"2026-03-01T12:00:00Z","topic":"jobs/backup","type":"started","data":{"a":[1,2]}}""",
            Encoding.UTF8.GetString(made.Json.Span));
        Assert.Equal("{\"a\":[1,2]}", Encoding.UTF8.GetString(made.Data.Span));
    }

    [Fact]
    public void A_short_sequence_number_leaves_blanks_that_JSON_allows()
    {
        using var json = System.Text.Json.JsonDocument.Parse(Make(7, "t", "x", "null").Json);
        Assert.Equal(7, json.RootElement.GetProperty("seq").GetInt64());
    }

    [Fact]
    public void A_sequence_number_is_set_once()
    {
        var entry = Make(7, "t", "x", "null");
        Assert.Throws<InvalidOperationException>(() => entry.Number(8));
        Assert.Equal(7, entry.Seq);
    }

    [Fact]
    public void Data_of_an_entity_event_is_the_entity()
    {
        var report = new EntityReport(EntityId.Parse("light.hall"), JsonText.FromText("on"), "Hall \"1\"", null, null, null, []);
        var entity = EntityState.Apply(null, report, Time);
        var entry = _encoder.Encode(Time, "entities/light.hall", "created", entity, EntitySnapshotJson.Write);
        Assert.Equal(entity.ToUtf8(), entry.Data.ToArray());
        Assert.Equal(entity, EntitySnapshot.Parse(entry.Data));
    }

    [Fact]
    public void Scratch_space_is_used_again_without_a_trace()
    {
        var large = "\"" + new string('x', 200_000) + "\"";
        Assert.Equal(large, Encoding.UTF8.GetString(Make(1, "t", "x", large).Data.Span));
        Assert.Equal("true", Encoding.UTF8.GetString(Make(2, "t", "x", "true").Data.Span));
    }

    [Fact]
    public async Task A_page_is_written_out_of_the_events_as_they_are()
    {
        using var stream = new MemoryStream();
        var page = new EventPage([Make(1, "a", "x", "1"), Make(2, "b", "y", "2")], 5, Reset: false);
        await page.WriteAsync(PipeWriter.Create(stream), default);
        Assert.Equal(page.Length, stream.Length);
        using var json = System.Text.Json.JsonDocument.Parse(stream.ToArray());
        Assert.Equal(["a", "b"], json.RootElement.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("topic").GetString()!));
        Assert.Equal(5, json.RootElement.GetProperty("next").GetInt64());
        Assert.False(json.RootElement.GetProperty("reset").GetBoolean());
    }

    private LogEntry Make(long seq, string topic, string type, string data) =>
        _encoder.Encode(Time, topic, type, Encoding.UTF8.GetBytes(data)).Number(seq);
}
