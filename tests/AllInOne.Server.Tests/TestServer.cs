using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using AllInOne.Core;
using AllInOne.Server.Configuration;
using AllInOne.Server.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AllInOne.Server.Tests;

/// <summary>
/// The whole server in the process of the test: the real tree, real files in a separate directory, and real ports that the system selects.
/// As a class fixture it is started once for all tests of a class; <see cref="RestartAsync"/> restarts it on the same data.
/// </summary>
public sealed class TestServer : IAsyncLifetime, IDisposable
{
    private readonly TemporaryDirectory _data = new();
    private RunningServer? _server;

    public HttpClient Client { get; private set; } = null!;

    internal string DataDirectory => _data.Path;

    internal RunningServer Server => _server ?? throw new InvalidOperationException("The server is not started.");

    internal SystemTree Tree => Server.Tree;

    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Further configuration keys, set before the start.</summary>
    internal Dictionary<string, string> Keys { get; } = [];

    internal ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    public async Task InitializeAsync()
    {
        var settings = ServerSettings.Load(AppContext.BaseDirectory, new Dictionary<string, string>(), [
            new("Data:Directory", _data.Path), new("Urls", "http://127.0.0.1:0"), new("Feeds:Xml:Listen", "127.0.0.1:0"), new("Node:Name", "test-node"), .. Keys]);
        Assert.Empty(settings.Problems);
        _server = await RunningServer.StartAsync(settings, Loggers, Clock);
        Client = new HttpClient { BaseAddress = new Uri(_server.Urls[0]) };
        await ReadyAsync();
    }

    public async Task DisposeAsync()
    {
        Client?.Dispose();
        if (_server is { } server)
        {
            _server = null;
            await server.DisposeAsync();
        }
    }

    public void Dispose() => _data.Dispose();

    /// <summary>Stops the server in order and starts another one on the same data and other ports.</summary>
    internal async Task RestartAsync()
    {
        await DisposeAsync();
        await InitializeAsync();
    }

    /// <summary>Waits until every part serves.</summary>
    internal Task ReadyAsync() => Until.TrueAsync(() => Tree.NotReady.Count == 0, () => string.Join("; ", Tree.NotReady));

    /// <summary>Sends XML to the feed port; completes when all of it is committed.</summary>
    internal async Task FeedAsync(string xml)
    {
        var before = Tree.Feeds.Totals;
        using var client = new TcpClient();
        await client.ConnectAsync(Tree.Feeds.XmlEndPoint);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(xml));
        client.Client.Shutdown(SocketShutdown.Send);
        // The server closes its side only after the commit.
        Assert.Equal(0, await stream.ReadAsync(new byte[1]));
        var after = Tree.Feeds.Totals;
        Assert.True(after.Rejected == before.Rejected, $"rejected: {after.LastError}");
    }

    internal async Task<HttpResponseMessage> SendAsync(string method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        return await Client.SendAsync(request);
    }

    internal Task<JsonElement> GetJsonAsync(string path) => Client.GetFromJsonAsync<JsonElement>(path);
}
