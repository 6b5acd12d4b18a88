using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AllInOne.Core.Tests.Jobs;

/// <summary>A web server that answers each request with a status and perhaps a Location, and keeps the requests as text.</summary>
internal sealed class AnsweringServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> _requests = new();

    public AnsweringServer()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>By the path.</summary>
    public Func<string, (int Status, string? Location)> Answer { get; set; } = _ => (200, null);

    /// <summary>Heads and bodies, in the order in which they came.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    public Uri Url(string path) => new($"http://127.0.0.1:{Port}{path}");

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
            var (request, length) = (new StringBuilder(), 0);
            while (await reader.ReadLineAsync() is { Length: > 0 } line)
            {
                request.Append(line).Append('\n');
                length = line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase) ? int.Parse(line[15..], CultureInfo.InvariantCulture) : length;
            }

            if (length > 0)
            {
                var body = new char[length];
                request.Append(body, 0, await reader.ReadBlockAsync(body));
            }

            var text = request.ToString();
            _requests.Enqueue(text);
            var (status, location) = Answer(text.Split(' ')[1]);
            var head = $"HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n{(location is null ? "" : $"Location: {location}\r\n")}\r\n";
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
        }
    }
}
