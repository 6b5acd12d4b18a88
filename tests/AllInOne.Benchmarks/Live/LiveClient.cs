using System.Buffers.Text;
using System.Collections;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AllInOne.Benchmarks.Live;

/// <summary>
/// Many subscribers in one process, on raw sockets, each with one pending read. It records the arrival of each event: events carry
/// their number as <c>tick-00042</c>.
/// </summary>
internal sealed class LiveClient(int port, bool polls, Action<int> arrived) : IDisposable
{
    private const string Topic = "entities/sensor.tick";

    /// <summary>The maximum number of events of one measurement.</summary>
    public const int MostEvents = 10_000;

    private const int Digits = 5;
    private const int Longest = 30;

    private static readonly byte[] Mark = "tick-"u8.ToArray();
    private static readonly byte[] Next = "\"next\":"u8.ToArray();

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[4096];
    private int _kept;
    private readonly BitArray _seen = new(MostEvents);
    private string _cursor = "now";

    public void Dispose() => _socket.Dispose();

    /// <summary>Connects and sends the request. A stream is open when its first bytes have arrived, a poll when it is sent.</summary>
    public async Task OpenAsync()
    {
        await _socket.ConnectAsync(IPAddress.Loopback, port);
        if (polls)
        {
            await AskAsync();
        }
        else
        {
            await _socket.SendAsync(Encoding.ASCII.GetBytes(
                $"GET /api/events?topic={Topic} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"));
            await _socket.ReceiveAsync(_buffer);
        }

        _ = ReadAsync();
    }

    private ValueTask<int> AskAsync() => _socket.SendAsync(Encoding.ASCII.GetBytes(
        $"GET /api/events?topic={Topic}&since={_cursor}&timeout=60 HTTP/1.1\r\nHost: localhost\r\n\r\n").AsMemory());

    private async Task ReadAsync()
    {
        try
        {
            while (await _socket.ReceiveAsync(_buffer.AsMemory(_kept)) is > 0 and var count)
            {
                if (Take(_buffer.AsSpan(0, _kept + count)) && polls)
                {
                    await AskAsync();
                }
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The measurement has ended.
        }
    }

    /// <summary>Handles received text. True at the end of an answer, of our server or of the bare peer.</summary>
    private bool Take(ReadOnlySpan<byte> text)
    {
        Note(text);
        if (text.LastIndexOf(Next) is var at && at >= 0 && Utf8Parser.TryParse(text[(at + Next.Length)..], out long cursor, out _))
        {
            _cursor = cursor.ToString(CultureInfo.InvariantCulture);
        }

        var ends = text.EndsWith("\"reset\":false}"u8) || text.EndsWith("\n\n"u8);
        // This may be the beginning of a mark or of a cursor.
        var kept = text[^Math.Min(Longest, text.Length)..];
        kept.CopyTo(_buffer);
        _kept = polls && ends ? 0 : kept.Length;
        return ends;
    }

    private void Note(ReadOnlySpan<byte> text)
    {
        for (var at = text.IndexOf(Mark); at >= 0; at = text.IndexOf(Mark))
        {
            text = text[(at + Mark.Length)..];
            if (text.Length >= Digits && Utf8Parser.TryParse(text[..Digits], out int number, out _) && !_seen[number])
            {
                _seen[number] = true;
                arrived(number);
            }
        }
    }
}
