using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AllInOne.EndToEnd.Tests.Running;

/// <summary>A proxy that does not support WebSockets: it either does not forward their bytes, or refuses them.</summary>
public sealed class SocketlessProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Uri _target;
    private readonly bool _refuses;
    private readonly Task _accepting;
    private int _heldBack;

    /// <param name="target">The server behind the proxy.</param>
    /// <param name="refuses">Whether a WebSocket request gets an answer instead of a connection.</param>
    public SocketlessProxy(Uri target, bool refuses)
    {
        (_target, _refuses) = (target, refuses);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Url => new($"http://{_listener.LocalEndpoint}");

    /// <summary>The number of blocked WebSockets.</summary>
    public int HeldBack => Volatile.Read(ref _heldBack);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The proxy is disposed of.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(_target.Host, _target.Port, _end.Token);
                await Task.WhenAny(
                    client.GetStream().CopyToAsync(server.GetStream(), _end.Token),
                    AnswerAsync(server.GetStream(), client.GetStream()));
            }
            catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
            {
                // One of the two sides has disconnected.
            }
        }
    }

    private async Task AnswerAsync(NetworkStream server, NetworkStream client)
    {
        var buffer = new byte[65536];
        var holds = false;
        while (await server.ReadAsync(buffer, _end.Token) is > 0 and var count)
        {
            if (!holds && Encoding.ASCII.GetString(buffer, 0, count).StartsWith("HTTP/1.1 101", StringComparison.Ordinal))
            {
                holds = true;
                Interlocked.Increment(ref _heldBack);
                if (_refuses)
                {
                    await client.WriteAsync("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), _end.Token);
                    return;
                }
            }

            if (!holds)
            {
                await client.WriteAsync(buffer.AsMemory(0, count), _end.Token);
            }
        }
    }
}
