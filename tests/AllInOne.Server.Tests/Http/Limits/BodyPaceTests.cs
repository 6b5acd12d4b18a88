using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using AllInOne.Server.Configuration;
using AllInOne.Server.Hosting;
using AllInOne.Server.Http.Limits;
using AllInOne.Server.Http.Site;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace AllInOne.Server.Tests.Http.Limits;

/// <summary>Bodies that arrive in parts, on raw sockets. The clock stands still until the test moves it.</summary>
public sealed class BodyPaceTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Limit = Until.Limit;

    private readonly FakeClock _clock = new();
    private readonly RequestMemory _bodies = RequestMemory.OfBodies(10_000_000);
    private readonly SiteFiles _files = new();
    private readonly RecordedLog _log = new();
    private readonly ILoggerFactory _loggers;
    private readonly TcpClient _client = new();
    private WebHost _host = null!;
    private long _read;

    public BodyPaceTests() => _loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));

    public async Task InitializeAsync()
    {
        _host = WebHost.Build(
            ListenUrls.Parse("http://127.0.0.1:0"), new HttpOptions { SlowReadTimeout = Limit }, _loggers, _files,
            (routes, _) => Map(routes), bodies: _bodies, clock: _clock);
        await _host.StartAsync();
        await _client.ConnectAsync("127.0.0.1", _host.Urls[0].Port);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
        _loggers.Dispose();
    }

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("/whole", "Content-Length: 1000000\r\n\r\n")]
    [InlineData("/whole", "Transfer-Encoding: chunked\r\n\r\nF4240\r\n")]
    [InlineData("/whole", "Content-Length: 1000000\r\nContent-Encoding: gzip\r\n\r\n")]
    [InlineData("/streamed", "Content-Length: 1000000\r\n\r\n")]
    [InlineData("/streamed", "Transfer-Encoding: chunked\r\n\r\nF4240\r\n")]
    [InlineData("/streamed", "Content-Length: 1000000\r\nContent-Encoding: gzip\r\n\r\n")]
    public async Task A_body_that_stops_arriving_is_408_and_releases_its_memory(string path, string head)
    {
        // Enough for Kestrel's average rate to allow minutes without a byte.
        var body = new byte[60_000];
        new Random(1).NextBytes(body);
        await SendAsync($"PUT {path} HTTP/1.1\r\nHost: localhost\r\n{head}");
        await _client.GetStream().WriteAsync(head.Contains("gzip", StringComparison.Ordinal) ? GZip(body) : body);

        await Until.TrueAsync(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return _client.Available > 0;
        });

        var answer = await AnswerAsync("}");
        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("Http:SlowReadTimeout", answer, StringComparison.Ordinal);
        await Until.TrueAsync(() => _bodies.Held == 0, () => $"{_bodies.Held} bytes");

        // When the connection is closed, Kestrel has tried to read the rest of the body.
        await AnswerToTheEndAsync();
        Assert.DoesNotContain(_log.Lines, line => line.Level > LogLevel.Warning);
    }

    [Fact]
    public async Task Single_bytes_do_not_keep_a_body_that_is_too_slow()
    {
        const int Before = 60_000;
        await SendAsync($"PUT /whole HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n{new string(' ', Before)}");
        await Until.TrueAsync(() => Read == Before, () => $"{Read} read");
        for (var bytes = 1; bytes <= 15; bytes++)
        {
            await SendAsync(" ");
            await Until.TrueAsync(() => Read == Before + bytes, () => $"{Read} read");
            await _clock.WaitForTimersAsync(TimersOfHost + 1);
            _clock.Advance(Limit / 15);
        }

        Assert.StartsWith("HTTP/1.1 408", await AnswerAsync("}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slow_body_that_makes_progress_is_accepted()
    {
        const int Parts = 20;
        await SendAsync($"PUT /whole HTTP/1.1\r\nHost: localhost\r\nContent-Length: {Parts * BodyPace.StepBytes}\r\n\r\n");
        for (var part = 1; part <= Parts; part++)
        {
            await _clock.WaitForTimersAsync(TimersOfHost + 1);
            _clock.Advance(Limit * 0.9);
            await SendAsync(new string(' ', BodyPace.StepBytes));
            await Until.TrueAsync(() => Read == part * BodyPace.StepBytes, () => $"{Read} read");
        }

        Assert.StartsWith("HTTP/1.1 200", await AnswerAsync("\r\n\r\n"), StringComparison.Ordinal);
    }

    /// <summary>The web host itself has one timer: that of UnreadAnswers.</summary>
    private static int TimersOfHost => 1;

    private long Read => Interlocked.Read(ref _read);

    private void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/whole", async (HttpRequest request) =>
        {
            var buffer = new byte[4096];
            while (await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted) is var read and > 0)
            {
                Interlocked.Add(ref _read, read);
            }
        });
        routes.MapPut("/streamed", async (HttpRequest request) =>
        {
            while (await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted) is { IsCompleted: false } read)
            {
                Interlocked.Add(ref _read, read.Buffer.Length);
                request.BodyReader.AdvanceTo(read.Buffer.End);
            }
        }).WithMetadata(BodyLimit.Unlimited);
    }

    private static byte[] GZip(byte[] body)
    {
        using var encoded = new MemoryStream();
        using (var encoder = new GZipStream(encoded, CompressionLevel.Fastest, leaveOpen: true))
        {
            encoder.Write(body);
            encoder.Flush();
            return encoded.ToArray();
        }
    }

    private ValueTask SendAsync(string text) => _client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));

    private async Task<string> AnswerAsync(string end)
    {
        var (answer, one) = (new StringBuilder(), new byte[1]);
        while (!answer.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            Assert.Equal(1, await _client.GetStream().ReadAsync(one));
            answer.Append((char)one[0]);
        }

        return answer.ToString();
    }

    /// <summary>Waits until the server has closed the connection.</summary>
    private async Task AnswerToTheEndAsync()
    {
        var rest = new byte[1024];
        try
        {
            while (await _client.GetStream().ReadAsync(rest) > 0)
            {
            }
        }
        catch (IOException)
        {
            // The connection was reset, because the server had not read all bytes.
        }
    }
}
