using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace AllInOne.Core.Tests.Feeds;

/// <summary>A client of the feed on a real socket.</summary>
internal sealed partial class FeedClient : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[4096];
    private string _received = "";

    private FeedClient(Socket socket) => _socket = socket;

    public Socket Socket => _socket;

    public static async Task<FeedClient> ConnectAsync(IPEndPoint server)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server).WaitAsync(FeedServer.Patience);
        return new FeedClient(socket);
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        using var limit = new CancellationTokenSource(FeedServer.Patience);
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None, limit.Token)..];
        }
    }

    /// <summary>Closes the sending side.</summary>
    public void End() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Reads until the server has acknowledged this many events; returns all acknowledgements on the way.</summary>
    public async Task<List<long>> ExpectAckAsync(long events)
    {
        var seen = new List<long>();
        while (true)
        {
            foreach (Match ack in Ack().Matches(_received))
            {
                seen.Add(long.Parse(ack.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture));
            }

            _received = _received[(_received.LastIndexOf('>') + 1)..];
            if (seen.Contains(events))
            {
                return seen;
            }

            Assert.True(await ReceiveAsync(), $"The server closed after {string.Join(", ", seen)}.");
        }
    }

    /// <summary>Waits until the server closes the connection normally; returns all text that it sent before.</summary>
    public async Task<string> ExpectEndAsync()
    {
        while (await ReceiveAsync())
        {
        }

        return _received;
    }

    /// <summary>Waits for the connection to be reset.</summary>
    public async Task ExpectResetAsync()
    {
        var failure = await Assert.ThrowsAsync<SocketException>(ExpectEndAsync);
        Assert.Equal(SocketError.ConnectionReset, failure.SocketErrorCode);
    }

    public void Dispose() => _socket.Dispose();

    private async Task<bool> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(FeedServer.Patience);
        var count = await _socket.ReceiveAsync(_buffer, SocketFlags.None, limit.Token);
        _received += Encoding.UTF8.GetString(_buffer, 0, count);
        return count > 0;
    }

    [GeneratedRegex("<ack events=\"([0-9]+)\"/>")]
    private static partial Regex Ack();
}
