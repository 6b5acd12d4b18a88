using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AllInOne.Core.Jobs.Counting;
using AllInOne.Core.Jobs.Definitions;

namespace AllInOne.Core.Jobs;

/// <summary>Writes jobs, runs and items as JSON for clients and events.</summary>
public static class JobJson
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a job: the definition without its secrets, and the members that the server adds.</summary>
    /// <param name="counters">The counters of the job; null to write none.</param>
    public static byte[] Of(Job job, JobCounters? counters, DateTimeOffset now) => Write(writer =>
    {
        writer.WriteString("id"u8, job.Id.Value);
        JobDefinitionJson.Write(writer, job.Definition, isShown: true);
        writer.WriteBoolean("paused"u8, job.Paused);
        writer.WriteBoolean("builtIn"u8, job.BuiltIn);
        writer.WriteNumber("version"u8, job.Version);
        writer.WriteString("created"u8, job.Created.UtcDateTime);
        writer.WriteString("updated"u8, job.Updated.UtcDateTime);
        if (job.Problem is { } problem)
        {
            writer.WriteString("problem"u8, problem);
        }

        if (job.Notes is [_, ..] notes)
        {
            writer.WriteStartArray("notes"u8);
            foreach (var note in notes)
            {
                writer.WriteStringValue(note);
            }

            writer.WriteEndArray();
        }

        Time(writer, "next", job.Next(now, 1) is [var next] ? next : null);
        if (counters is null)
        {
            return;
        }

        writer.WriteNumber("running"u8, counters.Running);
        writer.WriteNumber("waiting"u8, counters.Waiting);
        writer.WriteNumber("queued"u8, counters.Queued);
        writer.WriteNumber("dead"u8, counters.Dead);
        writer.WriteNumber("skipped"u8, counters.Skipped);
        writer.WriteStartObject("ended"u8);
        foreach (var outcome in Enum.GetValues<RunOutcome>())
        {
            writer.WriteNumber(JobDefinitionJson.Name(outcome), counters.Completed(outcome));
        }

        writer.WriteEndObject();
        if (counters.Last is { } last)
        {
            writer.WriteStartObject("lastRun"u8);
            Write(writer, last, isWhole: false);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNull("lastRun"u8);
        }
    });

    /// <summary>Writes the record of a run.</summary>
    /// <param name="isWhole">Whether the output is included, which may be large.</param>
    public static byte[] Of(Run run, bool isWhole) => Write(writer => Write(writer, run, isWhole));

    /// <summary>Writes an item of a queue.</summary>
    public static byte[] Of(QueueItem item) => Write(writer =>
    {
        writer.WriteNumber("id"u8, item.Id);
        writer.WriteString("job"u8, item.Job.Value);
        writer.WriteString("key"u8, item.Key);
        writer.WritePropertyName("parameters"u8);
        if (item.Parameters.IsEmpty)
        {
            writer.WriteNullValue();
        }
        else
        {
            writer.WriteRawValue(item.Parameters.Span, skipInputValidation: true);
        }

        writer.WriteString("enqueued"u8, item.Enqueued.UtcDateTime);
        writer.WriteString("due"u8, item.Due.UtcDateTime);
        writer.WriteNumber("attempt"u8, item.Attempt);
        writer.WriteString("error"u8, item.Error);
        writer.WriteBoolean("dead"u8, item.IsDead);
    });

    /// <summary>The JSON name of a cause, an outcome or a policy.</summary>
    public static string Name<T>(T value)
        where T : struct, Enum => JobDefinitionJson.Name(value);

    private static void Write(Utf8JsonWriter writer, Run run, bool isWhole)
    {
        writer.WriteNumber("id"u8, run.Id.Value);
        writer.WriteString("job"u8, run.Job.Value);
        writer.WriteString("cause"u8, JobDefinitionJson.Name(run.Cause));
        writer.WriteString("outcome"u8, run.Outcome is { } outcome ? JobDefinitionJson.Name(outcome) : null);
        writer.WriteString("started"u8, run.Started.UtcDateTime);
        Time(writer, "ended", run.Ended);
        Time(writer, "plannedFor", run.PlannedFor);
        writer.WriteNumber("attempt"u8, run.Attempt);
        Time(writer, "retry", run.Retry);
        if (run.Item is { } item)
        {
            writer.WriteNumber("item"u8, item);
        }

        if (isWhole)
        {
            writer.WriteString("output"u8, run.Output);
        }

        writer.WriteString("error"u8, run.Error);
        writer.WriteString("trace"u8, run.Trace);
    }

    private static void Time(Utf8JsonWriter writer, string name, DateTimeOffset? time)
    {
        if (time is { } there)
        {
            writer.WriteString(name, there.UtcDateTime);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var writer = new Utf8JsonWriter(buffer, Relaxed);
        writer.WriteStartObject();
        members(writer);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
