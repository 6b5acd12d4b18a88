using System.Globalization;
using System.Text.Json;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Jobs.Definitions;

/// <summary>
/// Reads and writes definitions as JSON, for clients and for storage: <c>{schedule: {cron, timeZone} | {every} | {at} | null, action: {type, …},
/// timeout, retry: {attempts, backoff}, misfire, overlap, concurrency, enabled, description, tags}</c>.
/// </summary>
public static class JobDefinitionJson
{
    private const int MostTags = 32;

    private static readonly string[] ScheduleKinds = ["cron", "every", "at"];

    /// <summary>
    /// The members that the server adds to a definition. They are accepted and ignored, so a client can read a job, change it and put it back.
    /// </summary>
    private static readonly string[] Beside =
    [
        "id", "paused", "builtIn", "version", "created", "updated", "problem", "notes", "next", "running", "waiting", "queued", "dead", "skipped", "ended", "lastRun",
    ];

    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(7);

    /// <summary>Reads a definition. Returns it, or the errors by the path of the member.</summary>
    public static (JobDefinition? Definition, InputErrors Errors) Read(JsonElement json)
    {
        var members = new JsonMembers(json);
        var schedule = Schedule(members);
        var action = JobActionJson.Read(members);
        var timeout = members.Duration("timeout", TimeSpan.FromMilliseconds(1), LongestTimeout);
        var retry = Retry(members);
        var definition = new JobDefinition(
            schedule,
            action ?? new JobAction.None(),
            timeout,
            retry,
            members.OneOf("misfire", MisfirePolicy.RunOnce),
            members.OneOf("overlap", OverlapPolicy.Skip),
            (int)members.Whole("concurrency", 1, JobDefinition.MostConcurrency, 1),
            members.Flag("enabled", true),
            members.Text("description", 4096),
            Tags(members));
        members.Ignore(Beside);
        var errors = members.End();
        return errors.Any ? (null, errors) : (definition, errors);
    }

    /// <param name="isShown">Whether a client sees it: then values of headers and variables that may be secret are hidden.</param>
    public static void Write(Utf8JsonWriter writer, JobDefinition definition, bool isShown = false)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(definition);
        WriteSchedule(writer, definition.Schedule);
        JobActionJson.Write(writer, definition.Action, isShown);
        writer.WriteString("timeout"u8, definition.Timeout is { } timeout ? IsoDuration.Write(timeout) : null);
        writer.WriteStartObject("retry"u8);
        writer.WriteNumber("attempts"u8, definition.Retry.Attempts);
        writer.WriteString("backoff"u8, IsoDuration.Write(definition.Retry.Backoff));
        writer.WriteEndObject();
        writer.WriteString("misfire"u8, Name(definition.Misfire));
        writer.WriteString("overlap"u8, Name(definition.Overlap));
        writer.WriteNumber("concurrency"u8, definition.Concurrency);
        writer.WriteBoolean("enabled"u8, definition.Enabled);
        writer.WriteString("description"u8, definition.Description);
        writer.WriteStartArray("tags"u8);
        foreach (var tag in definition.Tags)
        {
            writer.WriteStringValue(tag);
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes a definition for storage.</summary>
    internal static byte[] ToUtf8(JobDefinition definition)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            Write(writer, definition);
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>Reads a stored definition. Returns it, or the reason why it cannot be read any more.</summary>
    internal static (JobDefinition? Definition, string? Problem) FromUtf8(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var parsed = JsonDocument.Parse(json);
            var (definition, errors) = Read(parsed.RootElement);
            return (definition, definition is null ? string.Join("; ", errors.ByName.Select(error => $"{error.Key} {string.Join(", ", error.Value)}")) : null);
        }
        catch (JsonException wrong)
        {
            return (null, wrong.Message);
        }
    }

    internal static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static JobSchedule? Schedule(JsonMembers all)
    {
        if (all.Members("schedule") is not { } members)
        {
            return null;
        }

        var given = ScheduleKinds.Count(members.Has);
        var (cron, zone) = (members.Text("cron", 256), members.Text("timeZone", 64));
        var every = members.Duration("every", JobSchedule.Every.Shortest, JobSchedule.Every.Longest);
        var at = At(members);
        members.End();
        if (given != 1)
        {
            members.Refuse("", "must have one of cron, every and at");
            return null;
        }

        if (cron is null)
        {
            if (zone is not null)
            {
                members.Refuse("timeZone", "goes with cron alone");
            }

            return every is { } interval ? new JobSchedule.Every(interval) : at is { } time ? new JobSchedule.At(time) : null;
        }

        var (schedule, wrongText, wrongZone) = JobSchedule.Cron.Parse(cron, zone);
        if (wrongText is not null)
        {
            members.Refuse("cron", wrongText);
        }

        if (wrongZone is not null)
        {
            members.Refuse("timeZone", wrongZone);
        }

        return schedule;
    }

    private static DateTimeOffset? At(JsonMembers members)
    {
        if (members.Text("at", 64) is not { } text)
        {
            return null;
        }

        // The offset is required: without it, the time would depend on the machine.
        if (text.Length > 10 && text[10] is 'T' or 't' && (text.EndsWith('Z') || text[10..].AsSpan().ContainsAny('+', '-'))
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var time)
            && time > DateTimeOffset.UnixEpoch)
        {
            return time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
        }

        members.Refuse("at", "must be a time such as 2026-01-31T12:00:00Z");
        return null;
    }

    private static void WriteSchedule(Utf8JsonWriter writer, JobSchedule? schedule)
    {
        if (schedule is null)
        {
            writer.WriteNull("schedule"u8);
            return;
        }

        writer.WriteStartObject("schedule"u8);
        switch (schedule)
        {
            case JobSchedule.Cron cron:
                writer.WriteString("cron"u8, cron.Text);
                if (cron.TimeZone is not null)
                {
                    writer.WriteString("timeZone"u8, cron.TimeZone);
                }

                break;
            case JobSchedule.Every every:
                writer.WriteString("every"u8, IsoDuration.Write(every.Interval));
                break;
            case JobSchedule.At at:
                writer.WriteString("at"u8, at.Time.UtcDateTime);
                break;
            default:
                break;
        }

        writer.WriteEndObject();
    }

    private static RetryPolicy Retry(JsonMembers all)
    {
        if (all.Members("retry") is not { } members)
        {
            return RetryPolicy.None;
        }

        var attempts = (int)members.Whole("attempts", 1, RetryPolicy.MostAttempts, RetryPolicy.None.Attempts);
        var backoff = members.Duration("backoff", TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1)) ?? RetryPolicy.None.Backoff;
        members.End();
        return new RetryPolicy(attempts, backoff);
    }

    private static List<string> Tags(JsonMembers members)
    {
        var tags = members.Texts("tags", MostTags, 64);
        if (tags.Any(tag => tag.Length == 0))
        {
            members.Refuse("tags", "a tag is not empty");
        }

        return [.. tags.Distinct(StringComparer.Ordinal)];
    }
}
