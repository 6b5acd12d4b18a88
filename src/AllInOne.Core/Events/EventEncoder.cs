using System.Buffers;
using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.ObjectPool;

namespace AllInOne.Core.Events;

/// <summary>The bytes of an event, with the position of its data.</summary>
internal readonly record struct EncodedEvent(byte[] Json, int DataOffset)
{
    public ReadOnlyMemory<byte> Data => Json.AsMemory(DataOffset, Json.Length - DataOffset - 1);
}

/// <summary>
/// Serialises each event once, on the thread of the sender. Only the event log knows the sequence number, so the encoder
/// leaves a gap of blanks, and <see cref="SetSeq"/> fills it in place. Thread-safe; owned by the event log.
/// </summary>
internal sealed class EventEncoder
{
    private const int SeqOffset = 7; // after {"seq":
    private const int SeqWidth = 16; // microseconds since 1970 have 16 digits until the year 2286
    private const int LargestKept = 64 * 1024;

    private static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static readonly JsonEncodedText Seq = JsonEncodedText.Encode("seq");
    private static readonly JsonEncodedText Time = JsonEncodedText.Encode("time");
    private static readonly JsonEncodedText Topic = JsonEncodedText.Encode("topic");
    private static readonly JsonEncodedText Type = JsonEncodedText.Encode("type");
    private static readonly JsonEncodedText Data = JsonEncodedText.Encode("data");
    private static readonly byte[] Gap = [(byte)'0', .. Enumerable.Repeat((byte)' ', SeqWidth - 1)];

    private readonly ObjectPool<Scratch> _pool = new DefaultObjectPool<Scratch>(new ScratchPolicy());

    /// <param name="write">Writes the value as one JSON value.</param>
    public EncodedEvent Encode<T>(DateTimeOffset time, string topic, string type, T value, Action<Utf8JsonWriter, T> write)
    {
        var scratch = _pool.Get();
        try
        {
            var offset = Begin(scratch.Writer, time, topic, type);
            write(scratch.Writer, value);
            return End(scratch, offset);
        }
        finally
        {
            _pool.Return(scratch);
        }
    }

    /// <param name="data">One JSON value in UTF-8; trusted.</param>
    public EncodedEvent Encode(DateTimeOffset time, string topic, string type, ReadOnlySpan<byte> data)
    {
        var scratch = _pool.Get();
        try
        {
            var offset = Begin(scratch.Writer, time, topic, type);
            scratch.Writer.WriteRawValue(data, skipInputValidation: true);
            return End(scratch, offset);
        }
        finally
        {
            _pool.Return(scratch);
        }
    }

    /// <summary>Fills the gap. Call it before the bytes are shared.</summary>
    public static void SetSeq(byte[] json, long seq)
    {
        if (!Utf8Formatter.TryFormat(seq, json.AsSpan(SeqOffset, SeqWidth), out _))
        {
            throw new InvalidOperationException($"The sequence number {seq} has more than {SeqWidth} digits.");
        }
    }

    private static int Begin(Utf8JsonWriter writer, DateTimeOffset time, string topic, string type)
    {
        writer.WriteStartObject();
        writer.WritePropertyName(Seq);
        writer.WriteRawValue(Gap, skipInputValidation: true);
        writer.WriteString(Time, time.UtcDateTime);
        writer.WriteString(Topic, topic);
        writer.WriteString(Type, type);
        writer.WritePropertyName(Data);
        return (int)(writer.BytesCommitted + writer.BytesPending);
    }

    private static EncodedEvent End(Scratch scratch, int dataOffset)
    {
        scratch.Writer.WriteEndObject();
        scratch.Writer.Flush();
        return new EncodedEvent(scratch.Buffer.WrittenSpan.ToArray(), dataOffset);
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
