using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using AllInOne.Server.Configuration;
using AllInOne.Server.Hosting;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Limits;
using AllInOne.Server.Http.Requests;
using AllInOne.Server.Http.Site;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging.Abstractions;

namespace AllInOne.Server.Tests.Http.Limits;

/// <summary>Bodies that share 10,000 bytes. The test decides how each is sent, and moves the clock, which otherwise stands still.</summary>
public sealed class BodyMemoryTests : IAsyncLifetime, IDisposable
{
    private readonly FakeClock _clock = new();
    private readonly RequestMemory _bodies = RequestMemory.OfBodies(10_000);
    private readonly List<Stream> _seen = [];
    private readonly SiteFiles _files = new();
    private readonly List<TcpClient> _slow = [];
    private WebHost _host = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _host = WebHost.Build(
            ListenUrls.Parse("http://127.0.0.1:0"), new HttpOptions(), NullLoggerFactory.Instance, _files, (routes, _) => Map(routes),
            bodies: _bodies, clock: _clock);
        await _host.StartAsync();
        _client = new HttpClient { BaseAddress = new Uri(_host.Urls[0].ToString()) };
    }

    public async Task DisposeAsync()
    {
        _slow.ForEach(client => client.Dispose());
        await _host.DisposeAsync();
    }

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData(3000, false, "")]
    [InlineData(6000, false, "")]
    [InlineData(3000, true, "")]
    [InlineData(6000, false, "gzip")]
    public async Task A_body_for_which_no_memory_is_left_is_503_until_another_releases_its_memory(int length, bool isChunked, string coding)
    {
        var first = await BeginAsync(9000);
        await SendAsync(first, 8000);
        await HeldAsync(8000);

        using (var refused = await PutAsync(Whole(length, coding), isChunked))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
            Assert.Contains("Http:MaxBodyBytesInFlight", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        await HeldAsync(8000);
        await SendAsync(first, 999, "1");
        Assert.StartsWith("HTTP/1.1 200", await AnswerAsync(first), StringComparison.Ordinal);
        await HeldAsync(0);
        using var taken = await PutAsync(Whole(length, coding), isChunked);
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
    }

    [Fact]
    public async Task Bodies_of_a_web_host_that_drains_count_beside_those_of_the_next_host()
    {
        using var server = new TestServer();
        server.Keys["Http:MaxBodyBytesInFlight"] = "2097152";
        server.Keys["Http:DrainTimeout"] = "00:05:00";
        await server.InitializeAsync();
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                $"PUT /api/entities/sensor.held HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2000000\r\n\r\n{new string(' ', 1_900_000)}"));
            await WhenHeldAsync(1_900_000);

            using var restarted = await server.SendAsync("POST", "/api/system/actors/restart?path=/user/http");
            await Until.TrueAsync(() => server.Tree.Inspection.Find("/user/http")!.Restarts == 1);
            await server.ReadyAsync();

            using var refused = await server.SendAsync("PUT", "/api/entities/sensor.other", $"1{new string(' ', 400_000)}");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        }

        await WhenHeldAsync(0);
        await server.DisposeAsync();

        Task WhenHeldAsync(long bytes) => Until.TrueAsync(async () =>
            (await server.Client.GetStringAsync("/metrics")).Contains($"\nallinone_http_body_bytes {bytes}\n", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("br, gzip")]
    public async Task A_decoder_lives_as_long_as_its_request(string codings)
    {
        using var answer = await PutAsync(Whole(100, codings));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await HeldAsync(0);
        var late = await Assert.ThrowsAsync<BadHttpRequestException>(async () => await Assert.Single(_seen).ReadExactlyAsync(new byte[1]));
        Assert.IsType<ObjectDisposedException>(late.InnerException);
    }

    [Fact]
    public async Task Many_short_values_count_for_the_parsers_table_too()
    {
        using var first = _bodies.Open();
        first.Need(3000);
        var numbers = new ByteArrayContent(Encoding.ASCII.GetBytes($"[{string.Join(',', Enumerable.Repeat("1   ", 1000))}]"));
        using var refused = await PutAsync(numbers);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);

        // Its table alone is larger than the limit, so this body could never be accepted.
        numbers = new ByteArrayContent(Encoding.ASCII.GetBytes($"[{string.Join(',', Enumerable.Repeat(1, 3000))}]"));
        using var impossible = await PutAsync(numbers);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, impossible.StatusCode);
        Assert.Contains("Http:MaxBodyBytesInFlight", await impossible.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await HeldAsync(3000);
    }

    [Fact]
    public async Task Bytes_that_an_endpoint_does_not_read_stay_in_the_kernel_beyond_a_small_buffer()
    {
        const int Length = 600_000;
        var client = await BeginAsync(Length, "/api/unread");
        await SendAsync(client, Length - 1, "1");

        Assert.Contains("stays", await AnswerAsync(client), StringComparison.Ordinal);
    }

    private void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/api/things", async (HttpRequest request) =>
        {
            _seen.Add(request.Body);
            var (document, problem) = await JsonBody.ReadAsync(request);
            document?.Dispose();
            return problem ?? Json.Ok(1);
        });
        routes.MapPut("/api/unread", async (HttpContext context) =>
        {
            var socket = context.Features.Get<IConnectionSocketFeature>()!.Socket;
            // The number of unread bytes stays the same for many checks: the server reads no more.
            var (unread, looks) = (0, 0);
            await Until.TrueAsync(
                () =>
                {
                    var now = socket.Available;
                    (unread, looks) = (now, now > 0 && now == unread ? looks + 1 : 0);
                    return looks == 20;
                },
                () => $"{socket.Available} bytes are unread");
            await context.Response.WriteAsync("stays");
        });
    }

    private async Task<HttpResponseMessage> PutAsync(HttpContent body, bool isChunked = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/things") { Content = body };
        request.Headers.TransferEncodingChunked = isChunked;
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return await _client.SendAsync(request);
    }

    /// <summary>A JSON string of this many bytes, encoded.</summary>
    private static ByteArrayContent Whole(int length, string codings)
    {
        var bytes = Encoding.ASCII.GetBytes($"\"{new string('x', length - 2)}\"");
        foreach (var coding in codings.Split(", ", StringSplitOptions.RemoveEmptyEntries))
        {
            using var encoded = new MemoryStream();
            using (Stream encoder = coding switch
            {
                "gzip" => new GZipStream(encoded, CompressionLevel.Optimal, leaveOpen: true),
                "deflate" => new ZLibStream(encoded, CompressionLevel.Optimal, leaveOpen: true),
                _ => new BrotliStream(encoded, CompressionLevel.Optimal, leaveOpen: true),
            })
            {
                encoder.Write(bytes);
            }

            bytes = encoded.ToArray();
        }

        var content = new ByteArrayContent(bytes);
        if (codings.Length > 0)
        {
            content.Headers.TryAddWithoutValidation("Content-Encoding", codings);
        }

        return content;
    }

    /// <summary>Begins a request. The test sends its body, which is valid JSON when it ends with 1.</summary>
    private async Task<NetworkStream> BeginAsync(int length, string path = "/api/things")
    {
        var client = new TcpClient();
        _slow.Add(client);
        await client.ConnectAsync(_client.BaseAddress!.Host, _client.BaseAddress.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"PUT {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"));
        return client.GetStream();
    }

    private static ValueTask SendAsync(NetworkStream client, int spaces, string end = "") =>
        client.WriteAsync(Encoding.ASCII.GetBytes(new string(' ', spaces) + end));

    private static async Task<string> AnswerAsync(NetworkStream client)
    {
        using var answer = new StreamReader(client, Encoding.ASCII);
        return await answer.ReadToEndAsync();
    }

    private Task HeldAsync(long bytes) => Until.TrueAsync(() => _bodies.Held == bytes, () => $"{_bodies.Held} bytes");
}
