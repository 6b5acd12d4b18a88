using System.Buffers;
using System.Globalization;
using System.Text;

namespace AllInOne.Core.Live;

/// <summary>An answer of the event log.</summary>
/// <param name="Events">In the order of their sequence numbers.</param>
/// <param name="Next">The last sequence number examined, matching or not: the next query's <c>since</c>.</param>
/// <param name="Reset">The cursor could not be served without a gap: fetch the snapshot anew and go on from <c>Next</c>.</param>
public sealed record EventPage(IReadOnlyList<PublishedEvent> Events, long Next, bool Reset)
{
    /// <summary>Writes <c>{"events":[…],"next":…,"reset":…}</c>, the events as they were serialised when they were made.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write("{\"events\":["u8);
        for (var i = 0; i < Events.Count; i++)
        {
            if (i > 0)
            {
                output.Write(","u8);
            }

            output.Write(Events[i].Json.Span);
        }

        output.Write("],\"next\":"u8);
        output.Write(Encoding.ASCII.GetBytes(Next.ToString(CultureInfo.InvariantCulture)));
        output.Write(Reset ? ",\"reset\":true}"u8 : ",\"reset\":false}"u8);
    }
}
