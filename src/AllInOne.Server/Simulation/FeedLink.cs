using System.Net.Sockets;

namespace AllInOne.Server.Simulation;

/// <summary>One TCP connection of a device to the feed.</summary>
internal sealed class FeedLink : IAsyncDisposable
{
    /// <summary>How long the close may take, until the server has committed all elements.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

    private readonly TcpClient _client = new() { NoDelay = true };
    private readonly CancellationTokenSource _lost = new();
    private Task _reading = Task.CompletedTask;

    private FeedLink()
    {
    }

    /// <summary>Cancelled when the server closes the connection or it breaks.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <exception cref="SocketException">No server listens at the address.</exception>
    public static async Task<FeedLink> ConnectAsync(FeedTarget to, CancellationToken cancellation)
    {
        var link = new FeedLink();
        try
        {
            await link._client.ConnectAsync(to.Host, to.Port, cancellation);
        }
        catch
        {
            await link.DisposeAsync();
            throw;
        }

        link._reading = link.ReadToEndAsync();
        return link;
    }

    /// <summary>Sends a document. Waits while the server does not read, because of its backpressure.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        _client.GetStream().WriteAsync(bytes, cancellation);

    /// <summary>Closes the sending side, and waits until the server has closed its side.</summary>
    public async Task EndAsync()
    {
        try
        {
            _client.Client.Shutdown(SocketShutdown.Send);
            await _reading.WaitAsync(EndLimit);
        }
        catch (Exception failure) when (failure is SocketException or TimeoutException)
        {
            // The server has closed the connection already, or is too slow.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _reading;
        _lost.Dispose();
    }

    private async Task ReadToEndAsync()
    {
        var buffer = new byte[256];
        try
        {
            while (await _client.GetStream().ReadAsync(buffer) > 0)
            {
                // This client requests no acknowledgements; it reads and ignores all bytes.
            }
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // The connection is broken or disposed of.
        }

        await _lost.CancelAsync();
    }
}
