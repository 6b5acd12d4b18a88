using System.Net.Sockets;
using System.Text;
using AllInOne.Server.Cli;
using AllInOne.Server.Tests.Http;
using AllInOne.Server.Tests.Live;
using Microsoft.Extensions.Logging;

namespace AllInOne.Server.Tests;

/// <summary>
/// When the server repeats text from outside in an answer, in its log, in its inspection or on the console, the repeated part has a bound, for
/// every kind of input. In the tables a <c>$</c> stands for 60,000 characters.
/// </summary>
public sealed class RepeatedTextTests : IClassFixture<RepeatedTextTests.LoggedServer>, IDisposable
{
    private const int Most = 2048;

    private static readonly string Long = new('x', 60_000);

    private readonly TestServer _server;
    private readonly RecordedLog _log;
    private readonly TemporaryDirectory _directory = new();

    public RepeatedTextTests(LoggedServer server) => (_server, _log) = (server.Server, server.Log);

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("GET", "/$")]
    [InlineData("GET", "/api/$")]
    [InlineData("$", "/api/entities")]
    [InlineData("GET", "/api/entities/$")]
    [InlineData("GET", "/api/entities/sensor.$")]
    [InlineData("GET", "/api/entities?$=1")]
    [InlineData("GET", "/api/entities?limit=$")]
    [InlineData("GET", "/api/entities?cursor=$")]
    [InlineData("PUT", "/api/entities/sensor.a", """{"state": 1, "$": 1}""")]
    [InlineData("PUT", "/api/entities/sensor.a", """{"state": 1, "unit": "$"}""")]
    [InlineData("PUT", "/api/entities/sensor.a", """{"state": 1, "attributes": {"$": 1}}""")]
    [InlineData("PUT", "/api/entities/sensor.a", """{"state": 1, "$": 1, "$": 1}""")]
    [InlineData("PUT", "/api/entities/sensor.a", "$")]
    [InlineData("POST", "/api/entities/input_text.a/commands", """{"command": "$"}""")]
    [InlineData("GET", "/api/entities/sensor.a/history?from=$")]
    [InlineData("GET", "/api/events?topics=*$")]
    [InlineData("GET", "/api/events?topics=$")]
    [InlineData("GET", "/api/events?since=$")]
    [InlineData("GET", "/api/events/stream?topics=$")]
    [InlineData("GET", "/api/state/$")]
    [InlineData("GET", "/api/state?prefix=$")]
    [InlineData("PUT", "/api/state/k?ttl=$", "1")]
    [InlineData("POST", "/api/state/k/increment", """{"by": "$"}""")]
    [InlineData("POST", "/api/state/$/increment", "{}")]
    [InlineData("POST", "/api/state", """{"operations": [{"op": "$", "key": "$"}]}""")]
    [InlineData("POST", "/api/state/k/lock", """{"$": 1}""")]
    [InlineData("GET", "/api/collections/$")]
    [InlineData("PUT", "/api/collections/c", """{"indexes": ["$."]}""")]
    [InlineData("GET", "/api/collections/c/documents?filter=$")]
    [InlineData("GET", "/api/collections/c/documents?filter=a%3D'$")]
    [InlineData("GET", "/api/collections/c/documents?sort=$")]
    [InlineData("GET", "/api/collections/c/documents?fields=$")]
    [InlineData("PUT", "/api/collections/c/documents/$", "{}")]
    [InlineData("POST", "/api/collections/c/documents", """{"id": "$ "}""")]
    [InlineData("POST", "/api/collections/c/import", "$")]
    [InlineData("POST", "/api/collections/c/import", """{"id": "$ "}""")]
    [InlineData("GET", "/api/jobs/$")]
    [InlineData("PUT", "/api/jobs/j", """{"$": 1}""")]
    [InlineData("PUT", "/api/jobs/j", """{"schedule": {"cron": "$ * * * *"}, "action": {"type": "retention", "of": "documents"}}""")]
    [InlineData("PUT", "/api/jobs/j", """{"schedule": {"cron": "0 0 * * *", "timeZone": "$"}}""")]
    [InlineData("PUT", "/api/jobs/j", """{"action": {"type": "$"}}""")]
    [InlineData("PUT", "/api/jobs/j", """{"action": {"type": "http", "url": "$", "headers": {"$": "1"}}}""")]
    [InlineData("PUT", "/api/jobs/j", """{"action": {"type": "http", "url": "http://localhost", "headers": {"b$ ": "1"}}}""")]
    [InlineData("GET", "/api/jobs/j/runs/$")]
    [InlineData("GET", "/api/system/actors?path=/user/$")]
    [InlineData("POST", "/api/system/actors/restart?path=/user/$")]
    [InlineData("GET", "/api/system/actors/trace?path=/user/$")]
    [InlineData("GET", "/api/system/actors/top?by=$")]
    [InlineData("GET", "/api/system/backups/$")]
    [InlineData("POST", "/api/system/faults", """{"kind": "$"}""")]
    [InlineData("POST", "/api/system/sum", """{"$": 1}""")]
    public async Task An_answer_does_not_grow_with_the_request(string method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method.Replace("$", Long, StringComparison.Ordinal)), Whole(path));
        if (json is not null)
        {
            request.Content = new StringContent(Whole(json), Encoding.UTF8, path.EndsWith("/import", StringComparison.Ordinal) ? "application/x-ndjson" : "application/json");
        }

        using var response = await _server.Client.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();

        Assert.True((int)response.StatusCode is < 500, $"{response.StatusCode}");
        Assert.True(body.Length <= Most, Encoding.UTF8.GetString(body));
        AssertLog();
    }

    [Theory]
    [InlineData("$")]
    [InlineData("""{"type": "$"}""")]
    [InlineData("""{"type": "ping", "$": 1}""")]
    [InlineData("""{"type": "subscribe", "id": "$"}""")]
    [InlineData("""{"type": "unsubscribe", "id": "$"}""")]
    [InlineData("""{"type": "$", "id": "$"}""")]
    [InlineData("""{"type": "subscribe", "id": "a", "topics": ["$"]}""")]
    [InlineData("""{"type": "subscribe", "id": "a", "topics": ["*$"]}""")]
    [InlineData("""{"type": "subscribe", "id": "a", "since": "$"}""")]
    public async Task A_WebSocket_error_does_not_grow_with_the_message(string json)
    {
        using var client = await SocketClient.OpenAsync(_server.Client);
        var answer = await client.AskAsync(json.Replace("$", Long[..30_000], StringComparison.Ordinal));

        Assert.Equal("error", answer.GetProperty("type").GetString());
        Assert.InRange(answer.GetRawText().Length, 1, Most);
        AssertLog();
    }

    [Theory]
    [InlineData("<feed ack='$'/>")]
    [InlineData("<$/>")]
    [InlineData("$")]
    [InlineData("<event><$ id='a'/></event>")]
    [InlineData("<event><$/></event>")]
    [InlineData("<event><sensor id='$'/></event>")]
    [InlineData("<event><sensor id='a' $='1' $='2'/></event>")]
    [InlineData("<event><sensor id='a' $='1'/></event>")]
    [InlineData("<event><sensor id='a' area='$'/></event>")]
    [InlineData("<event><sensor id='a'>&$;</sensor></event>")]
    [InlineData("<event><sensor id='a'></$></event>")]
    [InlineData("<event><sensor id='a' state='$$'/></event>")]
    public async Task A_feed_error_does_not_grow_with_the_event(string xml)
    {
        var before = _server.Tree.Feeds.Totals.Rejected;
        using var client = new TcpClient();
        await client.ConnectAsync(_server.Tree.Feeds.XmlEndPoint);
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(xml.Replace("$", Long, StringComparison.Ordinal)));
        client.Client.Shutdown(SocketShutdown.Send);
        await Until.TrueAsync(() => _server.Tree.Feeds.Totals.Rejected > before && _server.Tree.Feeds.Totals.Open == 0);

        Assert.InRange(_server.Tree.Feeds.Totals.LastError!.Length, 1, Most);
        AssertLog();
    }

    [Theory]
    [InlineData("$")]
    [InlineData("--$")]
    [InlineData("--demo=$")]
    [InlineData("--A:$")]
    [InlineData("--$:A=1")]
    [InlineData("--Http:$=1")]
    [InlineData("--urls=$")]
    [InlineData("--urls=http://1.2.3.4:$")]
    [InlineData("--Feeds:Xml:Listen=$")]
    [InlineData("--Http:MaxBodyBytes=$")]
    [InlineData("--Http:Cors:Origins:0=$")]
    [InlineData("--State:Publish:0= $")]
    [InlineData("--Backup:Schedule=$")]
    [InlineData("--Auth:Mode=$")]
    [InlineData("simulate --to $")]
    [InlineData("simulate --$")]
    [InlineData("backup create --data /$")]
    [InlineData("backup create --to /$/$")]
    [InlineData("backup restore $")]
    [InlineData("crontab import $")]
    [InlineData("crontab import FILE --dry-run", "$")]
    [InlineData("crontab import FILE --dry-run", "$ * * * * true")]
    [InlineData("crontab import FILE --dry-run", "1/$ * * * * true")]
    [InlineData("crontab import FILE --dry-run", "@$ true")]
    [InlineData("crontab import FILE --dry-run", "CRON_TZ=$\n0 0 * * * true")]
    [InlineData("crontab import FILE --dry-run --system", "0 0 * * * $ true")]
    public async Task A_message_of_the_command_line_does_not_grow_with_its_arguments(string line, string file = "")
    {
        await File.WriteAllTextAsync(_directory["crontab"], Whole(file));
        using var output = new StringWriter();
        using var error = new StringWriter();
        var args = line.Split(' ').Select(arg => arg == "FILE" ? _directory["crontab"] : Whole(arg));
        var code = await CommandLine.RunAsync([.. args], output, error);

        Assert.NotEqual(0, code);
        Assert.All(error.ToString().Split('\n'), one => Assert.InRange(one.Length, 0, Most));
        Assert.InRange(error.ToString().Length, 1, 2 * Most);
    }

    private static string Whole(string text) => text.Replace("$", Long, StringComparison.Ordinal);

    private void AssertLog() => Assert.All(_log.Lines, line => Assert.True(line.Text.Length <= Most, line.Text));

    /// <summary>A server whose complete log is kept.</summary>
    public sealed class LoggedServer : IAsyncLifetime, IDisposable
    {
        private readonly ILoggerFactory _loggers;

        public LoggedServer()
        {
            _loggers = LoggerFactory.Create(to => to.AddProvider(Log).SetMinimumLevel(LogLevel.Trace));
            Server = new TestServer { Loggers = _loggers };
        }

        public TestServer Server { get; }

        internal RecordedLog Log { get; } = new();

        public Task InitializeAsync() => Server.InitializeAsync();

        public Task DisposeAsync() => Server.DisposeAsync();

        public void Dispose()
        {
            Server.Dispose();
            _loggers.Dispose();
            Log.Dispose();
        }
    }
}
