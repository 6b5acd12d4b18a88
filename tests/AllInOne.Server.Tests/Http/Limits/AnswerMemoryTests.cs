using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AllInOne.Server.Tests.Http.Limits;

/// <summary>Answers share 1,310,720 bytes. This is the minimum, because an export requires it.</summary>
public sealed class AnswerMemoryTests : IAsyncLifetime, IDisposable
{
    private const string Documents = "/api/collections/large/documents";
    private const int DocumentBytes = 300_000;
    private const int Items = 25;
    private const int ItemBytes = 60_000;

    private readonly TestServer _server = new();

    public async Task InitializeAsync()
    {
        _server.Keys["Http:MaxAnswerBytesInFlight"] = "1310720";
        await _server.InitializeAsync();
        for (var n = 0; n < 5; n++)
        {
            using var put = await _server.SendAsync("PUT", $"{Documents}/d{n}", $$"""{"text":"{{new string('x', DocumentBytes)}}"}""");
            Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        }

        using var stored = await _server.SendAsync("PUT", "/api/state/large", $"\"{new string('x', DocumentBytes)}\"");
        Assert.Equal(HttpStatusCode.Created, stored.StatusCode);
        using var job = await _server.SendAsync("PUT", "/api/jobs/held", """{"schedule":null,"action":{"type":"http","method":"POST","url":"http://127.0.0.1:1/"},"enabled":false}""");
        Assert.Equal(HttpStatusCode.Created, job.StatusCode);
        for (var n = 0; n < Items; n++)
        {
            using var enqueued = await _server.SendAsync("POST", "/api/jobs/held/enqueue", $$"""{"parameters":{"text":"{{new string('x', ItemBytes)}}"},"delay":3600}""");
            Assert.Equal(HttpStatusCode.Accepted, enqueued.StatusCode);
        }
    }

    public Task DisposeAsync() => _server.DisposeAsync();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task A_list_ends_at_the_limit_of_memory_and_the_next_page_continues_after_it()
    {
        var ids = new List<string>();
        var pages = 0;
        for (string? cursor = ""; cursor is not null; pages++)
        {
            var page = await _server.GetJsonAsync($"{Documents}?sort=-id{(cursor.Length > 0 ? $"&cursor={cursor}" : "")}");
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            cursor = page.GetProperty("next").GetString();
        }

        Assert.Equal(["d4", "d3", "d2", "d1", "d0"], ids);
        Assert.Equal(2, pages);
        await HeldAsync(0);
    }

    [Fact]
    public async Task A_list_of_a_queue_ends_at_the_limit_of_memory_and_the_next_page_continues_after_it()
    {
        var (ids, pages) = (new List<long>(), 0);
        for (string? cursor = ""; cursor is not null; pages++)
        {
            var page = await _server.GetJsonAsync($"/api/jobs/held/queue{(cursor.Length > 0 ? $"?cursor={cursor}" : "")}");
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetInt64()));
            cursor = page.GetProperty("next").GetString();
        }

        Assert.Equal(ids.Order(), ids);
        Assert.Equal(Items, ids.Distinct().Count());
        Assert.True(pages > 1, $"{pages} page");
        await HeldAsync(0);
    }

    [Theory]
    [InlineData($"{Documents}")]
    [InlineData($"{Documents}/d1")]
    [InlineData($"{Documents}?fields=text")]
    [InlineData("/api/collections/large/export")]
    [InlineData("/api/state")]
    [InlineData("/api/jobs/held/queue")]
    public async Task An_answer_for_which_no_memory_is_left_is_503_until_another_releases_its_memory(string path)
    {
        using (var other = _server.Server.Answers.Open())
        {
            other.Need(1_260_000);
            using var refused = await _server.SendAsync("GET", path);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
            Assert.Contains("memory that answers may take", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        await HeldAsync(0);
        using var given = await _server.SendAsync("GET", path);
        Assert.Equal(HttpStatusCode.OK, given.StatusCode);
        await HeldAsync(0);
    }

    [Fact]
    public async Task The_memory_of_an_unread_answer_is_held_until_the_client_disconnects()
    {
        using (var client = new TcpClient { ReceiveBufferSize = 4096 })
        {
            await client.ConnectAsync(_server.Client.BaseAddress!.Host, _server.Client.BaseAddress.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                string.Concat(Enumerable.Repeat($"GET {Documents} HTTP/1.1\r\nHost: localhost\r\n\r\n", 20))));
            await Until.TrueAsync(() => _server.Server.Answers.Held > DocumentBytes);
        }

        await HeldAsync(0);
    }

    private Task HeldAsync(long bytes) => Until.TrueAsync(() => _server.Server.Answers.Held == bytes, () => $"{_server.Server.Answers.Held} bytes");
}
