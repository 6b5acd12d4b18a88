using System.Net;
using System.Text.Json;

namespace AllInOne.Server.Tests.Endpoints;

public sealed class EventsEndpointsTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_poll_waits_for_the_next_event_of_its_topic()
    {
        var now = (await server.GetJsonAsync("/api/events?timeout=0")).GetProperty("next").GetInt64();
        var poll = server.GetJsonAsync($"/api/events?since={now}&timeout=20&topic=entities/sensor.waited");
        await server.FeedAsync("<event><sensor id=\"other\" state=\"1\"/></event>");
        await server.FeedAsync("<event><sensor id=\"waited\" state=\"7\"/></event>");

        var page = await poll;

        var told = page.GetProperty("events").EnumerateArray().Single();
        Assert.Equal("entities/sensor.waited", told.GetProperty("topic").GetString());
        Assert.Equal(7, told.GetProperty("data").GetProperty("state").GetInt32());
        Assert.Equal(["seq", "time", "topic", "type", "data"], told.EnumerateObject().Select(member => member.Name));
        Assert.True(page.GetProperty("next").GetInt64() >= told.GetProperty("seq").GetInt64());
        Assert.False(page.GetProperty("reset").GetBoolean());
    }

    [Fact]
    public async Task Polls_with_the_cursor_of_the_previous_poll_miss_nothing()
    {
        var next = (await server.GetJsonAsync("/api/events?timeout=0")).GetProperty("next").GetInt64();
        var sending = server.FeedAsync(string.Concat(Enumerable.Range(1, 500).Select(n => $"<event><sensor id=\"run\" state=\"{n}\"/></event>")));
        var states = new List<int>();

        while (states.Count < 500)
        {
            var page = await server.GetJsonAsync($"/api/events?since={next}&limit=37&topic=entities/sensor.ru*&timeout=20");
            Assert.NotEmpty(page.GetProperty("events").EnumerateArray());
            states.AddRange(page.GetProperty("events").EnumerateArray().Select(one => one.GetProperty("data").GetProperty("state").GetInt32()));
            next = page.GetProperty("next").GetInt64();
        }

        await sending;
        Assert.Equal(Enumerable.Range(1, 500), states);
    }

    [Fact]
    public async Task A_cursor_that_cannot_be_served_gets_reset()
    {
        var page = await server.GetJsonAsync("/api/events?since=9000000000000000000&timeout=30");

        Assert.True(page.GetProperty("reset").GetBoolean());
        Assert.Empty(page.GetProperty("events").EnumerateArray());
        Assert.Equal(server.Tree.Events.Head, page.GetProperty("next").GetInt64());
    }

    [Fact]
    public async Task Nothing_within_the_timeout_is_an_empty_page_with_the_cursor()
    {
        var page = await server.GetJsonAsync("/api/events?timeout=0.05&topic=nobody/*");

        Assert.Empty(page.GetProperty("events").EnumerateArray());
        Assert.Equal(JsonValueKind.Number, page.GetProperty("next").ValueKind);
    }

    [Theory]
    [InlineData("since=-1")]
    [InlineData("since=soon")]
    [InlineData("since=99999999999999999999999")]
    [InlineData("timeout=61")]
    [InlineData("timeout=-1")]
    [InlineData("limit=0")]
    [InlineData("limit=99999")]
    [InlineData("topic=a*b")]
    [InlineData("topics=a")]
    public async Task A_wrong_query_is_400(string query)
    {
        using var response = await server.Client.GetAsync($"/api/events?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }
}
