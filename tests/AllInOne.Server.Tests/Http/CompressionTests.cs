using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace AllInOne.Server.Tests.Http;

public sealed class CompressionTests : IAsyncLifetime, IDisposable
{
    private readonly TestServer _server = new() { Keys = { ["Http:Compression:Streams"] = "true" } };

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task An_event_of_a_compressed_stream_arrives_while_the_stream_is_open(string encoding)
    {
        using var response = await GetAsync("/api/events?topic=a", encoding, "text/event-stream");
        Assert.Equal([encoding], response.Content.Headers.ContentEncoding);
        await using var body = Decoded(await response.Content.ReadAsStreamAsync(), encoding);
        using var reader = new StreamReader(body);
        Assert.StartsWith("retry: ", await LineAsync(reader, "retry"), StringComparison.Ordinal);

        for (var n = 1; n <= 3; n++)
        {
            _server.Tree.Events.Publish("a", "test", Encoding.UTF8.GetBytes($"{n}"));
            var told = await LineAsync(reader, "data: ");
            Assert.Equal(n, JsonDocument.Parse(told[6..]).RootElement.GetProperty("data").GetInt32());
        }
    }

    [Theory]
    [InlineData("/api/system", "application/json")]
    [InlineData("/api/events?timeout=0", "application/json")]
    [InlineData("/api/nothing", "application/problem+json")]
    [InlineData("/metrics", "text/plain")]
    public async Task Answers_are_compressed_only_for_clients_that_ask_for_it(string path, string type)
    {
        using var plain = await GetAsync(path, null, "*/*");
        using var packed = await GetAsync(path, "gzip", "*/*");

        Assert.Empty(plain.Content.Headers.ContentEncoding);
        Assert.Equal(["gzip"], packed.Content.Headers.ContentEncoding);
        Assert.Equal(type, packed.Content.Headers.ContentType?.MediaType);
        Assert.Contains("Accept-Encoding", packed.Headers.Vary);
        using var reader = new StreamReader(Decoded(await packed.Content.ReadAsStreamAsync(), "gzip"));
        Assert.NotEmpty(await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task A_stream_is_left_as_it_is_unless_that_is_configured()
    {
        _server.Keys.Remove("Http:Compression:Streams");
        await _server.RestartAsync();

        using var response = await GetAsync("/api/events", "gzip", "text/event-stream");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(response.Content.Headers.ContentEncoding);
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string? encoding, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        if (encoding is not null)
        {
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue(encoding));
        }

        return await _server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Until.Limit);
    }

    private static Stream Decoded(Stream body, string encoding) =>
        encoding == "br" ? new BrotliStream(body, CompressionMode.Decompress) : new GZipStream(body, CompressionMode.Decompress);

    private static async Task<string> LineAsync(StreamReader reader, string beginning)
    {
        while (true)
        {
            var line = await reader.ReadLineAsync().WaitAsync(Until.Limit) ?? throw new EndOfStreamException();
            if (line.StartsWith(beginning, StringComparison.Ordinal))
            {
                return line;
            }
        }
    }
}
