using System.Buffers;
using System.Text.Json;
using AllInOne.Core.Events;
using AllInOne.Core.Values;

namespace AllInOne.Server.Live;

/// <summary>
/// One message of the client of a WebSocket: <c>{"type": "subscribe", "id", "topics", "since"}</c>, <c>{"type": "unsubscribe", "id"}</c> or
/// <c>{"type": "ping"}</c>. Unknown members are refused, as in a query.
/// </summary>
internal sealed record SocketRequest(string Type, string? Id, TopicFilter Topics, long? Since)
{
    public const string Subscribe = "subscribe";
    public const string Unsubscribe = "unsubscribe";
    public const string Ping = "ping";

    private const int MaxIdLength = 128;

    /// <param name="utf8">The message.</param>
    /// <param name="id">The id of the message if it could be read, so that the answer can have it.</param>
    /// <param name="error">The reason if the message is invalid.</param>
    /// <returns>The message; null if it is invalid.</returns>
    /// <exception cref="JsonException">The message is not JSON.</exception>
    public static SocketRequest? Parse(ReadOnlySequence<byte> utf8, out string? id, out string? error)
    {
        using var document = JsonDocument.Parse(utf8);
        (id, error) = (null, null);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            error = "must be an object";
            return null;
        }

        var given = Text(root, "id");
        // A longer id is invalid, and is not repeated in the answer.
        id = given is { Length: > 0 and <= MaxIdLength } ? given : null;
        var type = Text(root, "type");
        string[] members = type switch
        {
            Subscribe => ["type", "id", "topics", "since"],
            Unsubscribe => ["type", "id"],
            Ping => ["type"],
            _ => [],
        };
        error = members.Length == 0
            ? "type: must be subscribe, unsubscribe or ping"
            : root.EnumerateObject().FirstOrDefault(member => !members.Contains(member.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } other
                ? $"{Excerpt.Of(other.Name)}: is none of {string.Join(", ", members)}"
                : members.Contains("id") && id is null
                    ? $"id: must be a text of 1 to {MaxIdLength} characters"
                    : null;
        TopicFilter? topics = TopicFilter.Everything;
        long? since = null;
        if (error is null && type == Subscribe)
        {
            error = ReadTopics(root, out topics) ?? ReadSince(root, out since);
        }

        return error is null ? new SocketRequest(type!, id, topics!, since) : null;
    }

    private static string? ReadTopics(JsonElement root, out TopicFilter? topics)
    {
        topics = TopicFilter.Everything;
        if (!root.TryGetProperty("topics", out var given))
        {
            return null;
        }

        if (given.ValueKind != JsonValueKind.Array || given.EnumerateArray().Any(one => one.ValueKind != JsonValueKind.String))
        {
            return "topics: must be a list of texts";
        }

        return TopicFilter.TryParse([.. given.EnumerateArray().Select(one => one.GetString())], out topics, out var wrong) ? null : $"topics: {wrong}";
    }

    private static string? ReadSince(JsonElement root, out long? since)
    {
        since = null;
        if (!root.TryGetProperty("since", out var given) || given.ValueKind == JsonValueKind.Null
            || (given.ValueKind == JsonValueKind.String && given.ValueEquals("now")))
        {
            return null;
        }

        if (given.ValueKind == JsonValueKind.Number && given.TryGetInt64(out var seq) && seq >= 0)
        {
            since = seq;
            return null;
        }

        return "since: must be a sequence number or now";
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;
}
