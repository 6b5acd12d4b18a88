using System.Buffers;
using System.Text;
using AllInOne.Core.Feeds.Xml;

namespace AllInOne.Core.Tests.Feeds.Xml;

/// <summary>Runs bytes through a framer and records its results: an event as its text, a refused part as its kind.</summary>
internal static class Frames
{
    public const string Broken = "<broken>";
    public const string Junk = "<junk>";

    public static List<string> Of(string text, int maxEventBytes = 4096, int maxDepth = 32) =>
        Of([Encoding.UTF8.GetBytes(text)], maxEventBytes, maxDepth);

    public static List<string> Of(IEnumerable<byte[]> packets, int maxEventBytes = 4096, int maxDepth = 32, bool complete = true)
    {
        var framer = new XmlFramer(maxEventBytes, maxDepth);
        var found = new List<string>();
        foreach (var packet in packets)
        {
            framer.Append(new ReadOnlySequence<byte>(packet));
            Read(framer, found);
            framer.Rest();
        }

        if (complete)
        {
            framer.Complete();
            Read(framer, found);
        }

        return found;
    }

    private static void Read(XmlFramer framer, List<string> found)
    {
        while (framer.TryRead(out var frame))
        {
            found.Add(frame.Kind switch
            {
                XmlFrameKind.BrokenEvent => Broken,
                XmlFrameKind.Junk => Junk,
                _ => Encoding.UTF8.GetString(frame.Bytes.Span),
            });
        }
    }
}
