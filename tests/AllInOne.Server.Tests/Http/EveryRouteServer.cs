using System.Net.Sockets;
using System.Text;
using AllInOne.Server.Configuration;
using AllInOne.Server.Endpoints;
using AllInOne.Server.Hosting;
using AllInOne.Server.Http.Limits;
using AllInOne.Server.Http.Site;
using AllInOne.Server.Metrics;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace AllInOne.Server.Tests.Http;

/// <summary>The real tree behind a separate web host, whose routes and log a test can see. A new route is tested without a change.</summary>
public sealed class EveryRouteServer : IAsyncLifetime, IDisposable
{
    private readonly LoggerFactory _loggers = new();
    private readonly TestServer _server = new();
    private readonly List<RouteEndpoint> _routes = [];
    private WebHost _host = null!;

    public HttpClient Client { get; private set; } = null!;

    internal TestServer Server => _server;

    internal RecordedLog Log { get; } = new();

    /// <summary>Each method of each route pattern.</summary>
    internal IReadOnlyList<(string Method, string Pattern)> Routes =>
        [.. from route in _routes
            from method in route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
            select (method, "/" + route.RoutePattern.RawText!.TrimStart('/'))];

    public async Task InitializeAsync()
    {
        await _server.InitializeAsync();
        _loggers.AddProvider(Log);
        var figures = new ProcessFigures("test", TimeProvider.System, [], new Dictionary<string, long>(), RequestMemory.OfBodies(long.MaxValue), RequestMemory.OfAnswers(long.MaxValue));
        _host = WebHost.Build(ListenUrls.Parse("http://127.0.0.1:0"), new HttpOptions(), _loggers, new SiteFiles(), Map, figures.Requests);
        await _host.StartAsync();
        Client = new HttpClient { BaseAddress = new Uri(_host.Urls[0].ToString()) };

        void Map(IEndpointRouteBuilder routes, CancellationToken ending)
        {
            routes.MapServer(_server.Tree, figures, ending);
            _routes.AddRange(routes.DataSources.SelectMany(source => source.Endpoints).Cast<RouteEndpoint>());
        }
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _server.DisposeAsync();
    }

    public void Dispose()
    {
        Client.Dispose();
        _loggers.Dispose();
        _server.Dispose();
    }

    /// <summary>Sends the bytes unchanged and reads the head of the answer. The status is 0 if the connection was closed without an answer.</summary>
    internal async Task<(int Status, string Head)> SendRawAsync(byte[] request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Client.BaseAddress!.Host, Client.BaseAddress.Port);
        var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(request);
            var answer = new byte[16 * 1024];
            var length = 0;
            // The head is sufficient, because an event stream has no end.
            while (!answer.AsSpan(0, length).ContainsEnd() && length < answer.Length
                && await stream.ReadAsync(answer.AsMemory(length)) is var read and > 0)
            {
                length += read;
            }

            var text = Encoding.Latin1.GetString(answer, 0, length);
            return text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? (int.Parse(text.AsSpan(9, 3), null), text) : (0, text);
        }
        catch (IOException)
        {
            return (0, "");
        }
    }
}

internal static class ResponseHead
{
    public static bool ContainsEnd(this Span<byte> answer) => answer.IndexOf("\r\n\r\n"u8) >= 0;
}
