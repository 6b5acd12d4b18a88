using System.Net;
using System.Text.Json;

namespace AllInOne.Server.Tests.Endpoints.State;

/// <summary>Lists as queues, and locks, over HTTP.</summary>
public sealed class StateWaitEndpointsTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Elements_are_popped_from_both_ends_until_the_list_is_empty()
    {
        await PostAsync("q1/push", """{"values": [1, {"n": 2}, "x"]}""");
        using var first = await server.SendAsync("POST", "/api/state/q1/pop");
        using var last = await server.SendAsync("POST", "/api/state/q1/pop?durable=true", """{"last": true}""");
        using var middle = await server.SendAsync("POST", "/api/state/q1/pop", """{"wait": 30}""");
        using var none = await server.SendAsync("POST", "/api/state/q1/pop", "{}");
        using var inVain = await server.SendAsync("POST", "/api/state/q1/pop", """{"wait": 0.05}""");

        Assert.Equal("""{"value":1,"length":2}""", await first.Content.ReadAsStringAsync());
        Assert.Equal("""{"value":"x","length":1}""", await last.Content.ReadAsStringAsync());
        Assert.Equal("""{"value":{"n": 2},"length":0}""", await middle.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (none.StatusCode, inVain.StatusCode));
    }

    [Fact]
    public async Task Waiting_clients_get_pushed_elements_in_the_order_in_which_they_came()
    {
        var waits = new List<Task<HttpResponseMessage>>();
        for (var n = 1; n <= 3; n++)
        {
            waits.Add(server.SendAsync("POST", "/api/state/q2/pop", """{"wait": 30}"""));
            await WaitingAsync(n);
        }

        await PostAsync("q2/push", """{"values": [1, 2, 3]}""");
        for (var n = 0; n < 3; n++)
        {
            using var popped = await waits[n];
            Assert.Equal(n + 1, (await JsonOf(popped)).GetProperty("value").GetInt32());
        }
    }

    [Fact]
    public async Task A_client_that_disconnects_while_it_waits_takes_no_element()
    {
        using (var leave = new CancellationTokenSource())
        {
            using var content = new StringContent("""{"wait": 30}""", null, "application/json");
            var waits = server.Client.PostAsync(new Uri("/api/state/q3/pop", UriKind.Relative), content, leave.Token);
            await WaitingAsync(1);
            await leave.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits);
            await WaitingAsync(0);
        }

        await PostAsync("q3/push", """{"value": 7}""");
        Assert.Equal("[7]", await server.Client.GetStringAsync(new Uri("/api/state/q3", UriKind.Relative)));
    }

    [Fact]
    public async Task Pop_of_a_value_that_is_no_list_is_refused()
    {
        await server.SendAsync("PUT", "/api/state/q4", "7");
        using var popped = await server.SendAsync("POST", "/api/state/q4/pop");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "application/problem+json"), (popped.StatusCode, popped.Content.Headers.ContentType!.MediaType));
    }

    [Fact]
    public async Task A_lock_is_one_holders_who_renews_and_releases_it()
    {
        var held = await PostAsync("door/lock", """{"ttl": 60}""");
        var token = held.GetProperty("token").GetString();
        using var other = await server.SendAsync("POST", "/api/state/door/lock");
        var shown = await server.GetJsonAsync("/api/state/door/lock");
        var renewed = await PostAsync("door/lock/renew", $$"""{"token": "{{token}}", "ttl": 120}""");
        using var wrong = await server.SendAsync("POST", "/api/state/door/lock/release", """{"token": "another"}""");
        using var released = await server.SendAsync("POST", "/api/state/door/lock/release", $$"""{"token": "{{token}}"}""");
        using var free = await server.SendAsync("GET", "/api/state/door/lock");
        using var value = await server.SendAsync("GET", "/api/state/door");

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Conflict), (other.StatusCode, wrong.StatusCode));
        Assert.Equal(["fencing", "expires"], shown.EnumerateObject().Select(member => member.Name));
        Assert.Equal(held.GetProperty("fencing").GetInt64(), renewed.GetProperty("fencing").GetInt64());
        Assert.True(renewed.GetProperty("expires").GetDateTimeOffset() > held.GetProperty("expires").GetDateTimeOffset());
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (released.StatusCode, free.StatusCode));
        Assert.Equal(HttpStatusCode.NotFound, value.StatusCode);
    }

    [Fact]
    public async Task A_waiting_client_gets_the_lock_when_it_is_released_or_expires_with_a_greater_number()
    {
        var first = await PostAsync("gate/lock", """{"ttl": 60}""");
        var second = PostAsync("gate/lock", """{"ttl": 0.2, "wait": 30}""");
        await WaitingAsync(1);
        var third = PostAsync("gate/lock", """{"ttl": 60, "wait": 30}""");
        await WaitingAsync(2);
        await server.SendAsync("POST", "/api/state/gate/lock/release", $$"""{"token": "{{first.GetProperty("token").GetString()}}"}""");
        long[] numbers = [first.GetProperty("fencing").GetInt64(), (await second).GetProperty("fencing").GetInt64(), (await third).GetProperty("fencing").GetInt64()];

        Assert.Equal(numbers.Order(), numbers);
        using var inVain = await server.SendAsync("POST", "/api/state/gate/lock", """{"wait": 0.05}""");
        Assert.Equal(HttpStatusCode.Conflict, inVain.StatusCode);
    }

    [Theory]
    [InlineData("door/lock", "{\"wait\": -1}", "wait", "must be a number of seconds from 0 to 60")]
    [InlineData("door/lock", "{\"ttl\": 0}", "ttl", "must be a number of seconds above 0, up to 2147483647")]
    [InlineData("door/lock/renew", "{\"token\": 7}", "token", "must be a string")]
    [InlineData("door/lock/release", "{}", "token", "is missing")]
    public async Task A_wrong_argument_has_one_reason_and_a_true_one(string path, string body, string member, string reason)
    {
        using var response = await server.SendAsync("POST", $"/api/state/{path}", body);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        var reasons = (await JsonOf(response)).GetProperty("errors").EnumerateObject().Select(one => $"{one.Name}: {string.Join(", ", one.Value.EnumerateArray())}");
        Assert.Equal([$"{member}: {reason}"], reasons);
    }

    [Fact]
    public async Task Without_memory_a_lock_is_refused_as_a_value_is()
    {
        using var full = new TestServer();
        full.Keys["State:MaxBytes"] = "4096";
        await full.InitializeAsync();
        try
        {
            var value = $"\"{new string('x', 3000)}\"";
            using var first = await full.SendAsync("PUT", "/api/state/k", value);
            using var put = await full.SendAsync("PUT", "/api/state/k2", value);
            using var locked = await full.SendAsync("POST", $"/api/state/{new string('k', 500)}/lock", "{}");

            Assert.Equal(HttpStatusCode.Created, first.StatusCode);
            Assert.All([put, locked], response => Assert.Equal(
                (HttpStatusCode.InsufficientStorage, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType)));
        }
        finally
        {
            await full.DisposeAsync();
        }
    }

    private Task WaitingAsync(int count) => Until.TrueAsync(
        () => server.Tree.State.Figures.Sum(shard => shard.Waiting) == count, () => string.Join(", ", server.Tree.State.Figures));

    private async Task<JsonElement> PostAsync(string path, string body)
    {
        using var response = await server.SendAsync("POST", $"/api/state/{path}", body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await JsonOf(response);
    }

    private static async Task<JsonElement> JsonOf(HttpResponseMessage response) =>
        JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
}
