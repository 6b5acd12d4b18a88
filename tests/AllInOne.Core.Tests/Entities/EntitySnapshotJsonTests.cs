using System.Text;
using System.Text.Json;
using AllInOne.Core.Entities.Snapshots;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Tests.Entities;

public class EntitySnapshotJsonTests
{
    private static readonly DateTimeOffset Time = new DateTimeOffset(2026, 3, 1, 12, 30, 5, TimeSpan.Zero).AddMicroseconds(250_001);

    private static readonly JsonSerializerOptions Shouting = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseUpper };

    [Fact]
    public void A_snapshot_is_written_with_every_member_in_the_order_of_the_design()
    {
        var snapshot = Sensor() with { Area = null };
        Assert.Equal(
            """
            {"id":"sensor.kitchen_temperature","state":21.5,"attributes":{"battery":80,"model":"A \"1\""},"name":"Küche","area":null,"unit":"°C","class":"temperature","virtual":false,"available":true,"version":7,"changed":"2026-03-01T12:30:05.250001Z","updated":"2026-03-01T12:31:05.250001Z"}
            """,
            Encoding.UTF8.GetString(snapshot.ToUtf8()));
    }

    [Fact]
    public void A_snapshot_is_read_from_storage_as_it_was_written()
    {
        Assert.Equal(Sensor(), EntitySnapshot.Parse(Sensor().ToUtf8()));
        Assert.Equal(Sensor(), EntitySnapshot.Parse(Encoding.UTF8.GetString(Sensor().ToUtf8())));
    }

    [Fact]
    public void A_serializer_uses_the_same_form_whatever_its_naming()
    {
        var json = JsonSerializer.Serialize(new { item = Sensor() }, Shouting);
        Assert.Contains("\"id\":\"sensor.kitchen_temperature\"", json, StringComparison.Ordinal);
        Assert.Equal(Sensor(), JsonSerializer.Deserialize<EntitySnapshot>(Sensor().ToUtf8()));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"id":"no id"}""")]
    [InlineData("not json")]
    public void A_text_that_is_no_entity_is_refused(string json) =>
        Assert.ThrowsAny<JsonException>(() => EntitySnapshot.Parse(json));

    private static EntitySnapshot Sensor() => new(
        EntityId.Parse("sensor.kitchen_temperature"),
        JsonText.FromText("21.50"),
        AttributeSet.From([new("model", JsonText.FromText("A \"1\"")), new("battery", JsonText.FromText("80"))]),
        Name: "Küche",
        Area: "kitchen",
        Unit: "°C",
        Class: "temperature",
        Virtual: false,
        Available: true,
        Version: 7,
        Changed: Time,
        Updated: Time.AddMinutes(1));
}
