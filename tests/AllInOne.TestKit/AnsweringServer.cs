using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AllInOne.TestKit;

/// <summary>
/// Another site. It answers each request with a status, perhaps a Location, and always the same page, and it keeps the requests as text.
/// </summary>
public sealed class AnsweringServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> _requests = new();

    public AnsweringServer()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Returns the status and the Location for a path.</summary>
    public Func<string, (int Status, string? Location)> Answer { get; set; } = _ => (200, null);

    /// <summary>The body of every answer, as HTML.</summary>
    public byte[] Page { get; init; } = [];

    /// <summary>The heads and bodies of the requests, in the order of their arrival.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    public string Origin => $"http://127.0.0.1:{Port}";

    public Uri Url(string path) => new(Origin + path);

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = TryServeAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task TryServeAsync(TcpClient client)
    {
        try
        {
            await ServeAsync(client);
        }
        catch (IOException)
        {
            // A browser also opens connections that it does not use.
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
            if (text.Length == 0)
            {
                return;
            }

            _requests.Enqueue(text);
            var (status, location) = Answer(text.Split(' ')[1]);
            var head = $"HTTP/1.1 {status} X\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {Page.Length}\r\nConnection: close\r\n{(location is null ? "" : $"Location: {location}\r\n")}\r\n";
            await client.GetStream().WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. Page]);
        }
    }
}
