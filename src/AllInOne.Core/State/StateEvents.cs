using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AllInOne.Core.Events;

namespace AllInOne.Core.State;

/// <summary>
/// Tells the changes of keys under the prefixes of <c>State:Publish</c> on <c>state/{key}</c>, to the ring alone: <c>created</c> and
/// <c>changed</c> with <c>{key, value, version, expires}</c> (without the value where it is large), <c>deleted</c>, <c>expired</c> and
/// <c>evicted</c> with <c>{key, version}</c>.
/// </summary>
internal sealed class StateEvents(EventLog events, StateOptions options)
{
    private const int LargestTold = 64 * 1024;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly string[] _prefixes = [.. options.Publish];

    public bool Tells(string key)
    {
        foreach (var prefix in _prefixes)
        {
            if (key.StartsWith(prefix, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    public void Tell(string type, StateItem item, bool gone = false)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer, Relaxed);
        writer.WriteStartObject();
        writer.WriteString("key"u8, item.Key);
        if (!gone && item.Value.Length <= LargestTold)
        {
            writer.WritePropertyName("value"u8);
            writer.WriteRawValue(item.Json.Span, skipInputValidation: true);
        }

        writer.WriteNumber("version"u8, item.Version);
        if (!gone && item.Expires is { } expires)
        {
            writer.WriteString("expires"u8, expires.UtcDateTime);
        }

        writer.WriteEndObject();
        writer.Flush();
        events.PublishUnstored(EventLog.UnstoredTopics + item.Key, type, buffer.WrittenSpan);
    }
}
