using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AllInOne.EndToEnd.Tests.Running;
using AllInOne.TestKit;

namespace AllInOne.EndToEnd.Tests.Deaths;

/// <summary>
/// The process is killed repeatedly while many clients write documents. Each acknowledged document is stored
/// once, and the files are sound.
/// </summary>
public sealed class DocumentDeathTests : IDisposable
{
    private const int Clients = 8;
    private const int Counters = 3;

    private readonly TemporaryDirectory _data = new();

    // The acknowledged changes: the created documents by their mark, and the number that a counter has certainly reached.
    private readonly ConcurrentDictionary<string, string> _made = new();
    private readonly ConcurrentDictionary<string, int> _raised = new();
    private long _marks;

    public void Dispose() => _data.Dispose();

    [Fact]
    public Task Every_acknowledged_document_is_stored_once_after_kill_9() => KillAgainAndAgainAsync(kills: 3, seed: 1);

    [Fact]
    [Trait("Category", "Long")]
    public Task Every_acknowledged_document_is_stored_once_after_20_kills() => KillAgainAndAgainAsync(kills: 20, seed: 2);

    [Fact]
    [Trait("Category", "Soak")]
    public Task Every_acknowledged_document_is_stored_once_after_100_kills() => KillAgainAndAgainAsync(kills: 100, seed: 3);

    private async Task KillAgainAndAgainAsync(int kills, int seed)
    {
        var before = 0;
        await new Killing(_data.Path).RunAsync(kills, seed, CompareAsync, Start, () => _made.Count > before + Clients && _raised.Count == Counters);
        Assert.True(_made.Count > kills * Clients, $"only {_made.Count} documents were acknowledged");
        Assert.Equal(Counters, _raised.Count);

        IReadOnlyList<Task> Start(Uri server)
        {
            before = _made.Count;
            return
            [
                .. Enumerable.Range(0, Clients).Select(_ => MakeForEverAsync(server)),
                .. Enumerable.Range(0, Counters).Select(number => RaiseForEverAsync(server, $"counter-{number}")),
            ];
        }
    }

    /// <summary>
    /// Creates one document after another; every third request is an array of three. Each has its own mark, and an id from the server.
    /// </summary>
    private async Task MakeForEverAsync(Uri server)
    {
        using var http = new HttpClient { BaseAddress = server };
        try
        {
            for (var round = 0; ; round++)
            {
                var marks = Enumerable.Range(0, round % 3 == 0 ? 3 : 1).Select(_ => $"m{Interlocked.Increment(ref _marks)}").ToArray();
                object body = marks.Length == 1 ? new { mark = marks[0] } : marks.Select(mark => new { mark }).ToArray();
                using var response = await http.PostAsJsonAsync(new Uri("/api/collections/made/documents", UriKind.Relative), body);
                Assert.Equal(HttpStatusCode.Created, response.StatusCode);
                var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
                JsonElement[] made = marks.Length == 1 ? [answer] : [.. answer.GetProperty("items").EnumerateArray()];
                Assert.Equal(marks.Length, made.Length);
                for (var i = 0; i < marks.Length; i++)
                {
                    _made[marks[i]] = made[i].GetProperty("id").GetString()!;
                }
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            // The server is killed.
        }
    }

    /// <summary>Reads a number and writes the next one, under the condition that no other client has written.</summary>
    private async Task RaiseForEverAsync(Uri server, string id)
    {
        using var http = new HttpClient { BaseAddress = server };
        var address = new Uri($"/api/collections/counters/documents/{id}", UriKind.Relative);
        try
        {
            for (; ; )
            {
                using var found = await http.GetAsync(address);
                var (number, tag) = found.StatusCode == HttpStatusCode.NotFound
                    ? (0, null)
                    : ((await found.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("number").GetInt32(), found.Headers.ETag);
                Assert.True(number >= _raised.GetValueOrDefault(id), $"{id} went back from {_raised.GetValueOrDefault(id)} to {number}");
                using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = JsonContent.Create(new { number = number + 1 }) };
                if (tag is null)
                {
                    request.Headers.IfNoneMatch.ParseAdd("*");
                }
                else
                {
                    request.Headers.IfMatch.Add(tag);
                }

                using var response = await http.SendAsync(request);
                response.EnsureSuccessStatusCode();
                _raised[id] = number + 1;
            }
        }
        catch (Exception gone) when (gone is HttpRequestException { StatusCode: null } or IOException)
        {
            // The server is killed.
        }
    }

    private async Task CompareAsync(ServerProcess server)
    {
        if (_made.IsEmpty)
        {
            return;
        }

        var export = await server.Http.GetStringAsync(new Uri("/api/collections/made/export", UriKind.Relative));
        var stored = export.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))
            .ToLookup(document => document.GetProperty("mark").GetString()!, document => document.GetProperty("id").GetString()!);
        Assert.All(stored, each => Assert.Single(each));
        foreach (var (mark, id) in _made)
        {
            Assert.Equal([id], stored[mark]);
        }

        // An unacknowledged change may be stored or not: one request at a time, with at most three documents.
        foreach (var (id, number) in _raised)
        {
            var counter = await server.Http.GetFromJsonAsync<JsonElement>(new Uri($"/api/collections/counters/documents/{id}", UriKind.Relative));
            Assert.InRange(counter.GetProperty("number").GetInt32(), number, number + 1);
            _raised[id] = counter.GetProperty("number").GetInt32();
        }
    }
}
