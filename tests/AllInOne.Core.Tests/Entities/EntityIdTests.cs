using AllInOne.Core.Values;

namespace AllInOne.Core.Tests.Entities;

public class EntityIdTests
{
    [Theory]
    [InlineData("sensor.kitchen_temperature", "sensor", "kitchen_temperature")]
    [InlineData("match.1042", "match", "1042")]
    [InlineData("input_number.A-b_9", "input_number", "A-b_9")]
    [InlineData("a.-", "a", "-")]
    public void Parts_of_a_good_id_are_its_domain_and_object_id(string text, string domain, string objectId)
    {
        Assert.True(EntityId.TryParse(text, out var id));
        Assert.Equal((text, domain, objectId), (id.Value, id.Domain, id.ObjectId));
        Assert.True(EntityId.TryCreate(domain, objectId, out var created));
        Assert.Equal(id, created);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("sensor")]
    [InlineData("sensor.")]
    [InlineData(".kitchen")]
    [InlineData("Sensor.kitchen")]
    [InlineData("1sensor.kitchen")]
    [InlineData("_sensor.kitchen")]
    [InlineData("sensor.kitchen.light")]
    [InlineData("sensor.kit chen")]
    [InlineData("sensor.küche")]
    [InlineData("sensor.a/b")]
    [InlineData("sen-sor.a")]
    public void A_text_that_breaks_the_rules_is_no_id(string? text)
    {
        Assert.False(EntityId.TryParse(text, out var id));
        Assert.Equal("", id.Value);
    }

    [Fact]
    public void Lengths_are_limited_to_64_and_128()
    {
        Assert.True(EntityId.TryCreate(new string('a', 64), new string('b', 128), out _));
        Assert.False(EntityId.TryCreate(new string('a', 65), "b", out _));
        Assert.False(EntityId.TryCreate("a", new string('b', 129), out _));
    }
}
