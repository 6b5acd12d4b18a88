using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.ObjectPool;

namespace AllInOne.Core.Events;

/// <summary>The serialiser of events: it makes a <see cref="LogEntry"/> on the thread of the sender. Thread-safe.</summary>
internal sealed class EventEncoder
{
    private const int LargestKept = 64 * 1024;

    private static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static readonly JsonEncodedText Seq = JsonEncodedText.Encode("seq");
    private static readonly JsonEncodedText Time = JsonEncodedText.Encode("time");
    private static readonly JsonEncodedText Topic = JsonEncodedText.Encode("topic");
    private static readonly JsonEncodedText Type = JsonEncodedText.Encode("type");
    private static readonly JsonEncodedText Data = JsonEncodedText.Encode("data");

    private readonly ObjectPool<Scratch> _pool = new DefaultObjectPool<Scratch>(new ScratchPolicy());

    /// <param name="write">Writes the value as one JSON value.</param>
    public LogEntry Encode<T>(DateTimeOffset time, string topic, string type, T value, Action<Utf8JsonWriter, T> write)
    {
        var scratch = _pool.Get();
        try
        {
            var offset = Begin(scratch.Writer, time, topic, type);
            write(scratch.Writer, value);
            return new LogEntry(time, topic, type, End(scratch), offset);
        }
        finally
        {
            _pool.Return(scratch);
        }
    }

    /// <param name="data">One JSON value in UTF-8; trusted.</param>
    /// <param name="isStored">False if the event is only in the ring.</param>
    public LogEntry Encode(DateTimeOffset time, string topic, string type, ReadOnlySpan<byte> data, bool isStored = true)
    {
        var scratch = _pool.Get();
        try
        {
            var offset = Begin(scratch.Writer, time, topic, type);
            scratch.Writer.WriteRawValue(data, skipInputValidation: true);
            return new LogEntry(time, topic, type, End(scratch), offset, isStored);
        }
        finally
        {
            _pool.Return(scratch);
        }
    }

    private static int Begin(Utf8JsonWriter writer, DateTimeOffset time, string topic, string type)
    {
        writer.WriteStartObject();
        writer.WritePropertyName(Seq);
        writer.WriteRawValue(LogEntry.Unnumbered, skipInputValidation: true);
        writer.WriteString(Time, time.UtcDateTime);
        writer.WriteString(Topic, topic);
        writer.WriteString(Type, type);
        writer.WritePropertyName(Data);
        return (int)(writer.BytesCommitted + writer.BytesPending);
    }

    private static byte[] End(Scratch scratch)
    {
        scratch.Writer.WriteEndObject();
        scratch.Writer.Flush();
        return scratch.Buffer.WrittenSpan.ToArray();
    }

    private sealed class Scratch
    {
        public Scratch() => Writer = new Utf8JsonWriter(Buffer, Options);

        public ArrayBufferWriter<byte> Buffer { get; } = new(1024);

        public Utf8JsonWriter Writer { get; }
    }

    private sealed class ScratchPolicy : PooledObjectPolicy<Scratch>
    {
        public override Scratch Create() => new();

        public override bool Return(Scratch obj)
        {
            obj.Writer.Reset();
            obj.Buffer.ResetWrittenCount();
            return obj.Buffer.Capacity <= LargestKept;
        }
    }
}
