using System.Buffers;
using System.Buffers.Text;
using AllInOne.Core.Events;

namespace AllInOne.Server.Live;

/// <summary>
/// The writer of server-sent events (WHATWG). Only a reset has a name; <c>onmessage</c> gets all other events. The id of an event is its sequence
/// number, which a browser sends as <c>Last-Event-ID</c> when it reconnects. A block with only an id moves this cursor without an event.
/// </summary>
internal static class SseWriter
{
    private const int LongestNumber = 20;

    /// <summary>Writes the retry delay, and the cursor.</summary>
    public static void WriteBegin(IBufferWriter<byte> output, TimeSpan retry, long cursor)
    {
        WriteRetry(output, retry);
        output.Write(": connected\n"u8);
        WriteId(output, cursor);
        output.Write("\n"u8);
    }

    public static void WriteRetry(IBufferWriter<byte> output, TimeSpan retry)
    {
        output.Write("retry: "u8);
        WriteNumber(output, (long)retry.TotalMilliseconds);
        output.Write("\n"u8);
    }

    /// <summary>Writes a comment, and the cursor, so that after a reconnect the skipped events are not examined again.</summary>
    public static void WriteHeartbeat(IBufferWriter<byte> output, long cursor)
    {
        output.Write(":\n"u8);
        WriteId(output, cursor);
        output.Write("\n"u8);
    }

    public static void WriteReset(IBufferWriter<byte> output, long next)
    {
        output.Write("event: reset\n"u8);
        WriteId(output, next);
        output.Write("data: {\"reset\":true,\"next\":"u8);
        WriteNumber(output, next);
        output.Write("}\n\n"u8);
    }

    public static void WriteEvent(IBufferWriter<byte> output, LogEntry entry)
    {
        WriteId(output, entry.Seq);
        var json = entry.Json.Span;
        // JSON may have line breaks between its parts. Each line becomes a data line, and the client joins them again.
        for (var end = json.IndexOfAny((byte)'\n', (byte)'\r'); end >= 0; end = json.IndexOfAny((byte)'\n', (byte)'\r'))
        {
            WriteData(output, json[..end]);
            json = json[(end + 1)..];
        }

        WriteData(output, json);
        output.Write("\n"u8);
    }

    private static void WriteData(IBufferWriter<byte> output, ReadOnlySpan<byte> line)
    {
        output.Write("data: "u8);
        output.Write(line);
        output.Write("\n"u8);
    }

    private static void WriteId(IBufferWriter<byte> output, long seq)
    {
        output.Write("id: "u8);
        WriteNumber(output, seq);
        output.Write("\n"u8);
    }

    private static void WriteNumber(IBufferWriter<byte> output, long number)
    {
        Utf8Formatter.TryFormat(number, output.GetSpan(LongestNumber), out var length);
        output.Advance(length);
    }
}
