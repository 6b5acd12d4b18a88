using System.Net.Sockets;

namespace AllInOne.Server.Simulation;

/// <summary>One TCP connection to the feed, from the device's side.</summary>
internal sealed class FeedLink : IAsyncDisposable
{
    /// <summary>How long an orderly end may take: until the server has committed all that it got.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

    private readonly TcpClient _client = new() { NoDelay = true };
    private readonly CancellationTokenSource _lost = new();
    private Task _reading = Task.CompletedTask;

    private FeedLink()
    {
    }

    /// <summary>Cancelled when the server closes the connection or it breaks.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <exception cref="SocketException">Nobody listens there.</exception>
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

    /// <summary>Waits while the server does not read: its backpressure slows the sender down.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        _client.GetStream().WriteAsync(bytes, cancellation);

    /// <summary>The half-close: says that nothing more comes, and waits until the server has closed its side.</summary>
    public async Task EndAsync()
    {
        try
        {
            _client.Client.Shutdown(SocketShutdown.Send);
            await _reading.WaitAsync(EndLimit);
        }
        catch (Exception failure) when (failure is SocketException or TimeoutException)
        {
            // Gone already, or too slow to wait for.
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
                // Acknowledgements were not asked for; whatever comes is read and left.
            }
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // The connection broke, or was disposed of here.
        }

        await _lost.CancelAsync();
    }
}
