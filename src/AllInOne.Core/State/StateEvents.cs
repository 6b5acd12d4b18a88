using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AllInOne.Core.Events;

namespace AllInOne.Core.State;

/// <summary>
/// Publishes the changes of keys under the prefixes of <c>State:Publish</c> on <c>state/{key}</c>, only in the ring: <c>created</c> and
/// <c>changed</c> with <c>{key, value, version, expires}</c> (without the value if it is large), <c>deleted</c>, <c>expired</c> and <c>evicted</c>
/// with <c>{key, version}</c>.
/// </summary>
internal sealed class StateEvents(EventLog events, StateOptions options)
{
    private const int LargestPublished = 64 * 1024;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly string[] _prefixes = [.. options.Publish];

    /// <summary>Whether changes of this key become events.</summary>
    public bool IsPublished(string key)
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

    /// <param name="isRemoved">Whether the key was removed; then the event has no value.</param>
    public void Publish(string type, StateItem item, bool isRemoved = false)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer, Relaxed);
        writer.WriteStartObject();
        writer.WriteString("key"u8, item.Key);
        if (!isRemoved && item.Value.Length <= LargestPublished)
        {
            writer.WritePropertyName("value"u8);
            writer.WriteRawValue(item.Json.Span, skipInputValidation: true);
        }

        writer.WriteNumber("version"u8, item.Version);
        if (!isRemoved && item.Expires is { } expires)
        {
            writer.WriteString("expires"u8, expires.UtcDateTime);
        }

        writer.WriteEndObject();
        writer.Flush();
        events.PublishUnstored(EventLog.UnstoredTopics + item.Key, type, buffer.WrittenSpan);
    }
}
