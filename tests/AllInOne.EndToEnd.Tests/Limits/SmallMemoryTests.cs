using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using AllInOne.EndToEnd.Tests.Running;
using AllInOne.TestKit;

namespace AllInOne.EndToEnd.Tests.Limits;

/// <summary>The garbage collector may use 100 MiB, and clients send more data than that.</summary>
public sealed class SmallMemoryTests : IDisposable
{
    private const int Clients = 16;
    private const int Rounds = 25;

    private static readonly string[] Kinds = ["large", "small", "list", "set", "document", "import", "entity"];

    private static readonly string[] Lists =
    [
        "/api/state?limit=1000", "/api/collections/flood/documents?limit=1000", "/api/collections/flood/export", "/api/jobs/held/queue?limit=1000",
        "/api/collections/flood/documents?limit=100&fields=text",
    ];

    private static readonly HttpStatusCode[] Expected =
    [
        HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.Accepted, HttpStatusCode.NoContent, HttpStatusCode.InsufficientStorage,
        HttpStatusCode.ServiceUnavailable, HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.TooManyRequests,
    ];

    private readonly TemporaryDirectory _data = new();
    private readonly ConcurrentDictionary<(string Kind, HttpStatusCode Status), int> _answers = [];

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Data_beyond_the_memory_is_refused_and_a_deletion_makes_room_again()
    {
        await using var server = await ServerProcess.StartSmallAsync(_data.Path, heapLimit: 0x6400000);
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => FloodAsync(server.Http, client)));

        var seen = string.Join(", ", _answers.OrderBy(each => each.Key).Select(each => $"{each.Key}: {each.Value}"));
        Assert.True(_answers.Keys.All(answer => Expected.Contains(answer.Status)), seen);
        Assert.True(_answers.ContainsKey(("large", HttpStatusCode.InsufficientStorage)), seen);
        Assert.DoesNotContain("OutOfMemory", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("no memory left for this request", server.Output, StringComparison.Ordinal);

        // A full store is not a stopped store.
        await server.ReadyAsync();
        Assert.Equal(HttpStatusCode.InsufficientStorage, await SendAsync(server.Http, "PUT", "/api/state/more", Text(900_000)));
        var keys = await KeysAsync(server.Http);
        Assert.NotEmpty(keys);
        Assert.Equal(HttpStatusCode.OK, await SendAsync(server.Http, "GET", $"/api/state/{keys[0]}"));
        foreach (var key in keys)
        {
            Assert.Equal(HttpStatusCode.NoContent, await SendAsync(server.Http, "DELETE", $"/api/state/{key}"));
        }

        Assert.Equal(HttpStatusCode.Created, await SendAsync(server.Http, "PUT", "/api/state/more", Text(900_000)));
    }

    [Fact]
    public async Task Loads_that_each_fill_a_limit_of_their_own_do_not_end_the_process_together()
    {
        await using var server = await ServerProcess.StartSmallAsync(_data.Path, heapLimit: 0x6400000);
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => RepeatAsync(server.Http, client, "large", "document", "numbers")));
        const string Job = """{"schedule":null,"action":{"type":"http","method":"POST","url":"http://127.0.0.1:1/"},"enabled":false}""";
        await Until.TrueAsync(async () => await SendAsync(server.Http, "PUT", "/api/jobs/held", Job) is HttpStatusCode.Created or HttpStatusCode.OK);

        var filling = Task.WhenAll(Enumerable.Range(0, Clients).SelectMany(client => new[]
        {
            RepeatAsync(server.Http, client, "work"), RepeatAsync(server.Http, client, "import"),
        }));
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => ReadWhileAsync(server.Http, filling)));
        await filling;

        var seen = string.Join(", ", _answers.OrderBy(each => each.Key).Select(each => $"{each.Key}: {each.Value}"));
        Assert.True(_answers.Keys.All(answer => Expected.Contains(answer.Status)), seen);
        Assert.DoesNotContain("OutOfMemory", server.Output, StringComparison.Ordinal);
        // The memory of the loads is free again.
        await Until.TrueAsync(async () => await SendAsync(server.Http, "PUT", "/api/entities/sensor.after", "{\"state\":1}") is HttpStatusCode.Created or HttpStatusCode.OK);
    }

    private async Task RepeatAsync(HttpClient http, int client, params string[] kinds)
    {
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var kind in kinds)
            {
                await CountAsync(http, kind, (client * Rounds) + round);
            }
        }
    }

    /// <summary>Reads the lists while other clients fill the memory. Later it would be the only client.</summary>
    private async Task ReadWhileAsync(HttpClient http, Task filling)
    {
        do
        {
            foreach (var list in Lists)
            {
                await CountAsync(http, list, 0);
            }
        }
        while (!filling.IsCompleted);
    }

    private async Task FloodAsync(HttpClient http, int client)
    {
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var kind in Kinds)
            {
                await CountAsync(http, kind, (client * Rounds) + round);
            }
        }
    }

    private async Task CountAsync(HttpClient http, string kind, int n)
    {
        var (method, path, body) = Request(kind, n);
        var status = await SendAsync(http, method, path, body, kind == "import" ? "application/x-ndjson" : "application/json");
        _answers.AddOrUpdate((kind, status), 1, (_, count) => count + 1);
    }

    private static (string Method, string Path, string? Body) Request(string kind, int n) => kind switch
    {
        "large" => ("PUT", $"/api/state/large-{n}", Text(900_000)),
        "small" => ("PUT", $"/api/state/small-{n}", "1"),
        "list" => ("POST", $"/api/state/list-{n % 20}/push", JsonSerializer.Serialize(new { values = Enumerable.Repeat("y", 1000) })),
        "set" => ("POST", $"/api/state/set-{n % 20}/add",
            JsonSerializer.Serialize(new { members = Enumerable.Range(n * 1000, 1000) })),
        "document" => ("POST", "/api/collections/flood/documents", JsonSerializer.Serialize(new { text = new string('z', 900_000) })),
        "import" => ("POST", "/api/collections/flood/import?atomic=true", string.Join('\n', Enumerable.Repeat($$"""{"text":{{Text(90_000)}}}""", 20))),
        "numbers" => ("PUT", $"/api/state/numbers-{n}", $"[{string.Join(',', Enumerable.Repeat(1, 300_000))}]"),
        "work" => ("POST", "/api/jobs/held/enqueue", $$"""{"parameters":{{Text(60_000)}},"delay":3600}"""),
        ['/', ..] => ("GET", kind, null),
        _ => ("PUT", $"/api/entities/sensor.s{n}", $$"""{"state":{{Text(60_000)}}}"""),
    };

    private static string Text(int length) => $"\"{new string('x', length)}\"";

    private static async Task<HttpStatusCode> SendAsync(HttpClient http, string method, string path, string? body = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, type);
        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }

    private static async Task<IReadOnlyList<string>> KeysAsync(HttpClient http)
    {
        var keys = new List<string>();
        string? cursor = "";
        while (cursor is not null)
        {
            var text = await http.GetStringAsync(new Uri($"/api/state?limit=50{(cursor.Length > 0 ? $"&cursor={cursor}" : "")}", UriKind.Relative));
            var page = JsonDocument.Parse(text).RootElement;
            keys.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("key").GetString()!));
            cursor = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }

        return keys;
    }
}
