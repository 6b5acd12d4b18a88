using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace AllInOne.Core.Events;

/// <summary>A page of events: the answer of the event log.</summary>
/// <param name="Events">The events in the order of their sequence numbers.</param>
/// <param name="Next">The last sequence number examined, matching or not: the next query's <c>since</c>.</param>
/// <param name="Reset">Whether the cursor could not be served without a gap: read the snapshot again and continue from <c>Next</c>.</param>
public sealed record EventPage(IReadOnlyList<LogEntry> Events, long Next, bool Reset)
{
    private const int FlushBytes = 32 * 1024;

    private static ReadOnlySpan<byte> Begin => "{\"events\":["u8;

    private static ReadOnlySpan<byte> Middle => "],\"next\":"u8;

    private ReadOnlySpan<byte> End => Reset ? ",\"reset\":true}"u8 : ",\"reset\":false}"u8;

    /// <summary>The number of bytes that <see cref="WriteAsync"/> writes.</summary>
    public long Length
    {
        get
        {
            long events = Math.Max(0, Events.Count - 1);
            foreach (var one in Events)
            {
                events += one.Json.Length;
            }

            return Begin.Length + events + Middle.Length + Next.ToString(CultureInfo.InvariantCulture).Length + End.Length;
        }
    }

    /// <summary>Writes <c>{"events":[…],"next":…,"reset":…}</c> at the pace of the reader. The events were serialised when they were created.</summary>
    public async ValueTask WriteAsync(PipeWriter output, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(output);
        var unflushed = 0;
        output.Write(Begin);
        for (var i = 0; i < Events.Count; i++)
        {
            if (i > 0)
            {
                output.Write(","u8);
            }

            output.Write(Events[i].Json.Span);
            unflushed += Events[i].Json.Length;
            if (unflushed > FlushBytes)
            {
                await output.FlushAsync(cancel).ConfigureAwait(false);
                unflushed = 0;
            }
        }

        output.Write(Middle);
        output.Write(Encoding.ASCII.GetBytes(Next.ToString(CultureInfo.InvariantCulture)));
        output.Write(End);
        await output.FlushAsync(cancel).ConfigureAwait(false);
    }
}
