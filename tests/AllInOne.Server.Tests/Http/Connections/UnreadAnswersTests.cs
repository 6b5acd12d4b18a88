using System.Net;
using System.Net.Sockets;
using System.Text;
using AllInOne.Server.Configuration;
using AllInOne.Server.Hosting;
using AllInOne.Server.Http;
using AllInOne.Server.Http.Site;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace AllInOne.Server.Tests.Http.Connections;

/// <summary>Clients on raw sockets with a small receive buffer, and a clock that stands still until the test moves it.</summary>
public sealed class UnreadAnswersTests : IAsyncLifetime, IDisposable
{
    private const int AnswerBytes = 20_000_000;

    // More than a client's receive buffer: a client that has read this much has acknowledged new bytes.
    private const int StepBytes = 1 << 20;

    private static readonly TimeSpan Limit = Until.Limit;

    private readonly FakeClock _clock = new();
    private readonly RequestFigures _figures = new();
    private readonly LoggerFactory _loggers = new();
    private readonly RecordedLog _log = new();
    private readonly SiteFiles _files = new();
    private readonly SemaphoreSlim _begun = new(0);
    private readonly byte[] _answer = new byte[AnswerBytes];
    private readonly byte[] _buffer = new byte[StepBytes];
    private readonly List<Socket> _clients = [];
    private WebHost? _host;
    private int _port;

    private IEnumerable<LogLine> Reported => _log.Lines.Where(line => line.Text.StartsWith("Connections cut off: ", StringComparison.Ordinal));

    public Task InitializeAsync()
    {
        _loggers.AddProvider(_log);
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => StopAsync();

    public void Dispose()
    {
        _clients.ForEach(client => client.Dispose());
        _begun.Dispose();
        _loggers.Dispose();
    }

    [Theory]
    [InlineData("/large")]
    [InlineData("/tail")]
    public async Task A_client_that_reads_nothing_is_cut_off_and_counted(string path)
    {
        await StartAsync(Limit);
        var unread = await AskAsync(path, receiveBuffer: 4096);

        await MoveUntilAsync(() => _figures.UnreadAnswers == 1);

        await Assert.ThrowsAsync<SocketException>(() => ReadAsync(unread, AnswerBytes));
        Assert.Contains("the last client was 127.0.0.1:", Assert.Single(Reported).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_reads_slowly_gets_everything_while_one_that_reads_nothing_is_cut_off()
    {
        await StartAsync(Limit);
        var unread = await AskAsync("/large");
        var slow = await AskAsync("/large");

        await ReadSlowlyAsync(slow, Limit / 2);

        await MoveUntilAsync(() => _figures.UnreadAnswers > 0);
        await Assert.ThrowsAsync<SocketException>(() => ReadAsync(unread, AnswerBytes));
        Assert.Equal(1, _figures.UnreadAnswers);
    }

    [Fact]
    public async Task A_connection_that_is_idle_between_two_requests_is_kept()
    {
        await StartAsync(Limit);
        var idle = await AskAsync("/small");
        await ReadHeadersAsync(idle);
        await AskAsync("/large");

        await MoveUntilAsync(() => _figures.UnreadAnswers > 0);

        await RequestAsync(idle, "/small");
        await ReadHeadersAsync(idle);
        Assert.Equal(1, _figures.UnreadAnswers);
    }

    [Fact]
    public async Task Connections_cut_off_one_after_another_share_a_line_in_the_log()
    {
        await StartAsync(TimeSpan.FromSeconds(1));
        var began = _clock.GetUtcNow();

        for (var n = 1; n <= 10; n++)
        {
            await AskAsync("/large");
            await MoveUntilAsync(() => _figures.UnreadAnswers == n);
        }

        Assert.InRange(Reported.Count(), 1, 1 + ((_clock.GetUtcNow() - began) / TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_client_that_reads_nothing()
    {
        // This limit is so long that only the limit of the stop can cut off the client.
        await StartAsync(TimeSpan.FromMinutes(10));
        await AskAsync("/large");

        await StopAsync();

        Assert.Equal(1, _figures.UnreadAnswers);
    }

    [Fact]
    public async Task A_stop_waits_for_a_client_that_reads_slowly()
    {
        await StartAsync(Limit);
        var slow = await AskAsync("/large");

        var stop = _host!.DisposeAsync().AsTask();
        await ReadSlowlyAsync(slow, TimeSpan.FromSeconds(1));
        await stop;

        _host = null;
        Assert.Equal(0, _figures.UnreadAnswers);
    }

    private async Task StartAsync(TimeSpan limit)
    {
        var options = new HttpOptions { SlowWriteTimeout = limit, DrainTimeout = TimeSpan.FromMinutes(5) };
        _host = WebHost.Build(ListenUrls.Parse("http://127.0.0.1:0"), options, _loggers, _files, (routes, _) => Map(routes), _figures, clock: _clock);
        await _host.StartAsync();
        _port = _host.Urls.Single().Port;
    }

    private async Task StopAsync()
    {
        if (_host is { } host)
        {
            _host = null;
            var stop = host.DisposeAsync().AsTask();
            await MoveUntilAsync(() => stop.IsCompleted);
            await stop;
        }
    }

    private void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/large", (HttpContext context) => AnswerAsync(context, AnswerBytes));
        routes.MapGet("/small", (HttpContext context) => AnswerAsync(context, 0));
        // The kernel takes a small part and Kestrel the rest, so the request is complete while bytes still wait.
        routes.MapGet("/tail", (HttpContext context) =>
        {
            context.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket.SendBufferSize = 4096;
            context.Response.Headers.Connection = "close";
            return AnswerAsync(context, 60_000);
        });
    }

    private async Task AnswerAsync(HttpContext context, int count)
    {
        context.Response.ContentLength = count;
        await context.Response.StartAsync();
        _begun.Release();
        await context.Response.Body.WriteAsync(_answer.AsMemory(0, count), context.RequestAborted);
    }

    /// <summary>Returns a client whose answer has begun.</summary>
    private async Task<Socket> AskAsync(string path, int receiveBuffer = 32 * 1024)
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = receiveBuffer };
        _clients.Add(client);
        await client.ConnectAsync(IPAddress.Loopback, _port);
        await RequestAsync(client, path);
        return client;
    }

    private async Task RequestAsync(Socket client, string path)
    {
        await client.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        await _begun.WaitAsync();
    }

    private async Task MoveUntilAsync(Func<bool> condition) => await Until.TrueAsync(
        () =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(250));
            return condition();
        },
        () => $"{_figures.UnreadAnswers} cut off");

    private async Task ReadSlowlyAsync(Socket client, TimeSpan pause)
    {
        await ReadHeadersAsync(client);
        for (var left = AnswerBytes; left > 0; left -= StepBytes)
        {
            await ReadAsync(client, Math.Min(left, StepBytes));
            _clock.Advance(pause);
        }
    }

    private static async Task ReadHeadersAsync(Socket client)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            Assert.Equal(1, await client.ReceiveAsync(one));
            text.Append((char)one[0]);
        }
    }

    private async Task ReadAsync(Socket client, int count)
    {
        while (count > 0)
        {
            var read = await client.ReceiveAsync(_buffer.AsMemory(0, Math.Min(count, StepBytes)));
            Assert.True(read > 0, "closed before the end");
            count -= read;
        }
    }
}
