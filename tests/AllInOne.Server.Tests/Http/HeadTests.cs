using System.Net;

namespace AllInOne.Server.Tests.Http;

public sealed class HeadTests(EveryRouteServer server) : IClassFixture<EveryRouteServer>
{
    // Headers that change between two requests or depend on the moment.
    private static readonly string[] Changing = ["Date", "Content-Length", "Transfer-Encoding", "Retry-After"];

    [Fact]
    public async Task Head_answers_every_route_as_get_would_without_a_body()
    {
        await MakeAsync("/api/entities/light.hall", """{"state": 1}""");
        await MakeAsync("/api/collections/a/documents/a", """{"a": [1]}""");
        await MakeAsync("/api/state/a", "[1]");
        await MakeAsync("/api/jobs/a", """{"schedule": null, "action": {"type": "none"}}""");
        var reads = server.Routes.Where(route => route.Method == "GET").Select(route => route.Pattern).ToList();
        Assert.Equal(reads.Order(), server.Routes.Where(route => route.Method == "HEAD").Select(route => route.Pattern).Order());

        foreach (var pattern in reads)
        {
            var path = string.Join('/', pattern.Split('/').Select(part => !part.StartsWith('{') ? part : pattern.Contains("/entities/", StringComparison.Ordinal) ? "light.hall" : "a"));
            foreach (var query in new[] { "", "?nothing=1" })
            {
                await CompareAsync(path + (pattern == "/api/events" ? query.Length > 0 ? query : "?timeout=0" : query));
            }
        }
    }

    [Fact]
    public async Task Every_route_refuses_a_parameter_that_it_does_not_have()
    {
        await MakeAsync("/api/collections/b/documents/b", "{}");
        await MakeAsync("/api/jobs/b", """{"schedule": null, "action": {"type": "none"}}""");
        foreach (var (method, pattern) in server.Routes.Where(route => !route.Pattern.EndsWith("/faults", StringComparison.Ordinal)))
        {
            var path = string.Join('/', pattern.Split('/').Select(part => part switch
            {
                "{run}" or "{item}" => "1",
                _ when !part.StartsWith('{') => part,
                _ => pattern.Contains("/entities/", StringComparison.Ordinal) ? "light.hall" : pattern.Contains("/backups/", StringComparison.Ordinal) ? "allinone-19700101-000000-000" : "b",
            }));
            using var request = new HttpRequestMessage(new HttpMethod(method), path + "?nothing=1");
            using var answer = await server.Client.SendAsync(request);

            Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{method} {path}: {answer.StatusCode}");
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/index.html")]
    [InlineData("/main.js")]
    [InlineData("/none.js")]
    [InlineData("/api/system/actors/trace?path=/user/live&seconds=0.1")]
    [InlineData("/api/system/actors/top?seconds=0")]
    public async Task Head_answers_files_and_measurements_as_get_would(string path) => await CompareAsync(path);

    [Fact]
    public async Task Head_of_a_waiting_resource_answers_at_once()
    {
        using var stream = await HeadAsync("/api/events", "text/event-stream");
        using var poll = await HeadAsync("/api/events?timeout=60", "*/*");
        using var trace = await HeadAsync("/api/system/actors/trace?path=/user/live&seconds=10", "*/*");

        Assert.Equal("text/event-stream", stream.Content.Headers.ContentType!.MediaType);
        Assert.Equal("application/json", poll.Content.Headers.ContentType!.MediaType);
        Assert.Equal("text/event-stream", trace.Content.Headers.ContentType!.MediaType);
        Assert.All([stream, poll, trace], answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(0, server.Server.Tree.Live.Figures.Sse);
    }

    private async Task MakeAsync(string path, string body)
    {
        using var answer = await server.Server.SendAsync("PUT", path, body);
        answer.EnsureSuccessStatusCode();
    }

    private async Task CompareAsync(string path)
    {
        using var get = await server.Client.GetAsync(path);
        using var head = await HeadAsync(path, null);

        Assert.True(get.StatusCode == head.StatusCode, $"{path}: GET {get.StatusCode}, HEAD {head.StatusCode}");
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        Assert.Equal($"{path}\n{HeadersOf(get)}", $"{path}\n{HeadersOf(head)}");
        // The figures of the server are longer in the next answer.
        var changes = path == "/metrics" || path.StartsWith("/api/system", StringComparison.Ordinal) || path.StartsWith("/api/events", StringComparison.Ordinal);
        Assert.Equal((path, LengthOf(get, changes)), (path, LengthOf(head, changes)));
    }

    private async Task<HttpResponseMessage> HeadAsync(string path, string? accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        if (accept is not null)
        {
            request.Headers.Accept.ParseAdd(accept);
        }

        using var limit = new CancellationTokenSource(Until.Limit);
        return await server.Client.SendAsync(request, limit.Token);
    }

    // The length as it was sent, because the client would compute one.
    private static string? LengthOf(HttpResponseMessage answer, bool changes) =>
        !answer.Content.Headers.NonValidated.TryGetValues("Content-Length", out var length) ? null : changes ? "some" : length.ToString();

    private static string HeadersOf(HttpResponseMessage answer) => string.Join(
        '\n',
        answer.Headers.Concat(answer.Content.Headers)
            .Where(header => !Changing.Contains(header.Key))
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}").Order());
}
