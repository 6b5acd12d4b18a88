using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AllInOne.EndToEnd.Tests.Running;

/// <summary>Another site: one page for every path, on a port of its own.</summary>
public sealed class PageServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _answer;
    private readonly Task _serving;

    public PageServer(string file)
    {
        var page = File.ReadAllBytes(file);
        _answer = [.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {page.Length}\r\nConnection: close\r\n\r\n"), .. page];
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Origin => $"http://{_listener.LocalEndpoint}";

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // Disposed of.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var request = new StringBuilder();
                var buffer = new byte[4096];
                while (!request.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await client.GetStream().ReadAsync(buffer) is > 0 and var count)
                {
                    request.Append(Encoding.ASCII.GetString(buffer, 0, count));
                }

                await client.GetStream().WriteAsync(_answer);
            }
            catch (IOException)
            {
                // A browser opens connections that it does not use.
            }
        }
    }
}
