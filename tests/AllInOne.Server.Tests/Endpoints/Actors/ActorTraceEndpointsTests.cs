using System.Text.Json;

namespace AllInOne.Server.Tests.Endpoints.Actors;

public sealed class ActorTraceEndpointsTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Messages_are_sent_as_they_are_handled_until_the_time_is_over()
    {
        using var put = await server.SendAsync("PUT", "/api/system/load", """{"workers": 100}""");
        using var response = await OpenAsync("/user/load", seconds: 2);

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var messages = await ReadAsync(response);

        Assert.NotEmpty(messages);
        Assert.All(messages, message => Assert.Equal(
            ["time", "type", "text", "sender", "outcome", "ms", "mailbox", "error", "skipped"],
            message.EnumerateObject().Select(member => member.Name)));
        Assert.Contains(messages, message =>
            message.GetProperty("type").GetString() == "TakeSample" && message.GetProperty("outcome").GetString() == "handled");
    }

    [Fact]
    public async Task One_of_many_messages_is_sent_if_requested()
    {
        using var put = await server.SendAsync("PUT", "/api/system/load", """{"workers": 100}""");
        using var response = await OpenAsync("/user/load", seconds: 10, "&every=10");

        // As soon as one comes: how many there are in a time depends on the machine.
        Assert.Contains(await ReadAsync(response, IsOneOfMany), IsOneOfMany);

        static bool IsOneOfMany(JsonElement message) => message.GetProperty("skipped").GetInt64() >= 9;
    }

    private Task<HttpResponseMessage> OpenAsync(string path, double seconds, string more = "") => server.Client.GetAsync(
        new Uri(FormattableString.Invariant($"/api/system/actors/trace?path={path}&seconds={seconds}{more}"), UriKind.Relative),
        HttpCompletionOption.ResponseHeadersRead);

    private static async Task<IReadOnlyList<JsonElement>> ReadAsync(HttpResponseMessage response, Predicate<JsonElement>? isLast = null)
    {
        Assert.Equal(200, (int)response.StatusCode);
        var messages = new List<JsonElement>();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                messages.Add(JsonDocument.Parse(line[6..]).RootElement.Clone());
                if (isLast?.Invoke(messages[^1]) == true)
                {
                    break;
                }
            }
        }

        return messages;
    }
}
