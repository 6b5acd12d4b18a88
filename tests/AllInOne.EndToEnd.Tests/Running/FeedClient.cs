using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using AllInOne.TestKit;

namespace AllInOne.EndToEnd.Tests.Running;

/// <summary>A device at the feed port: sends bytes, reads acknowledgements.</summary>
public sealed partial class FeedClient : IAsyncDisposable
{
    private readonly TcpClient _client = new() { NoDelay = true };

    // Kept here, because the client does not return the stream of a broken connection. Then a write must fail with an IOException.
    private NetworkStream? _stream;
    private long _acknowledged;

    private FeedClient()
    {
    }

    /// <summary>The count of the last acknowledgement.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Completes when the server closes the connection, or the connection breaks.</summary>
    public Task Closed { get; private set; } = Task.CompletedTask;

    /// <summary>Connects; with <paramref name="acks"/> it requests acknowledgements.</summary>
    public static async Task<FeedClient> ConnectAsync(IPEndPoint feed, bool acks)
    {
        var client = new FeedClient();
        await client._client.ConnectAsync(feed);
        client._stream = client._client.GetStream();
        client.Closed = client.ReadAsync();
        if (acks)
        {
            await client.SendAsync("<feed ack=\"true\"/>");
        }

        return client;
    }

    public Task SendAsync(string xml) => SendAsync(Encoding.UTF8.GetBytes(xml));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await _stream!.WriteAsync(bytes);

    /// <summary>Closes the sending side, then waits until the server has closed its side.</summary>
    public async Task EndAsync()
    {
        _client.Client.Shutdown(SocketShutdown.Send);
        await Closed.WaitAsync(Until.Limit);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Closed;
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[4096];
        var text = "";
        try
        {
            for (int count; (count = await _stream!.ReadAsync(buffer)) > 0;)
            {
                text += Encoding.UTF8.GetString(buffer, 0, count);
                foreach (Match ack in Ack().Matches(text))
                {
                    Interlocked.Exchange(ref _acknowledged, long.Parse(ack.Groups[1].Value, CultureInfo.InvariantCulture));
                }

                text = text[(text.LastIndexOf('>') + 1)..];
            }
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // The server was killed, or this client was disposed of.
        }
    }

    [GeneratedRegex("<ack events=\"(\\d+)\"\\s*/>")]
    private static partial Regex Ack();
}
