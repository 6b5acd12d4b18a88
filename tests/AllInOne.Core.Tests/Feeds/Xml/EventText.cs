using System.Globalization;
using System.Text;

namespace AllInOne.Core.Tests.Feeds.Xml;

/// <summary>Writes random events with everything that XML allows, and damages them. The same seed gives the same events.</summary>
internal sealed class EventText(int seed)
{
    private static readonly string[] Domains = ["sensor", "light", "match", "event", "x:door", "eventful"];
    private static readonly string[] Values = ["21.5", "on", "a &lt; b", "&quot;", "日本 °C", "</event>".Replace("<", "&lt;", StringComparison.Ordinal), "", "&#x1F600;"];
    private static readonly string[] Fillers = [" ", "\n", "text", "<!-- </event> <event> -->", "<?pi </event> ?>", ""];
    private static readonly string[] Between = ["", "\n", "  ", "<!-- <event> -->", "<?xml version=\"1.0\"?>", "\uFEFF"];
    private static readonly string[] JunkPieces = ["junk", "<a>", "</a>", "</event>", "&amp;", "<eventful/>", "\0", "<![CDATA[ ]]>", "<!DOCTYPE x>", "< ", "\">"];

    private readonly Random _random = new(seed);

    public int Next(int limit) => _random.Next(limit);

    public string Pick(string[] of) => of[_random.Next(of.Length)];

    public string Gap() => Pick(Between);

    public string Junk() => string.Concat(Enumerable.Range(0, 1 + Next(4)).Select(_ => Pick(JunkPieces)));

    /// <summary>Returns a well-formed event. The ids of its elements are the given id and a number.</summary>
    /// <param name="plain">
    /// Without comments, instructions and CDATA. If one of those were cut, it would contain the text after it, by the rules of XML.
    /// </param>
    public string Event(string id, bool plain = false)
    {
        var text = new StringBuilder(Pick(["<event>", "<event >", "<e:event a='>'>", "<event xmlns=\"urn:x\">"]));
        var end = text.ToString().StartsWith("<e:", StringComparison.Ordinal) ? "</e:event>" : Pick(["</event>", "</event\n>"]);
        for (var i = Next(4); i >= 0; i--)
        {
            var domain = Pick(Domains);
            text.Append(CultureInfo.InvariantCulture, $"<{domain} id=\"{id}_{i}\" v{i}='{Pick(Values)}'");
            text.Append(Next(3) switch
            {
                0 => $" state=\"{Pick(Values)}\"/>",
                1 => $">{Pick(Values)}</{domain}>",
                _ when plain => ">1</" + domain + ">",
                _ => $"><![CDATA[<event> & {Pick(["]", "</event>", "x"])}]]></{domain}>",
            });
            text.Append(plain ? Pick([" ", "\n", "text", ""]) : Pick(Fillers));
        }

        return text.Append(end).ToString();
    }

    /// <summary>Damages a text: cuts off the rest, or removes, inserts or changes something.</summary>
    public string Ruin(string text)
    {
        var at = 1 + Next(text.Length - 1);
        return Next(4) switch
        {
            0 => text[..at],
            1 => text.Remove(at, 1),
            2 => text.Insert(at, Pick(["<", ">", "\"", "'", "&", "/", "</a>", "<b>", "\0", "=", "</event>", "<event>", "\uFFFF"])),
            _ => text[..at] + (char)(text[at] + 1) + text[(at + 1)..],
        };
    }

    public List<byte[]> Packets(byte[] bytes, int largest)
    {
        var packets = new List<byte[]>();
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(1 + Next(largest), bytes.Length - at);
            packets.Add(bytes.AsSpan(at, length).ToArray());
            at += length;
        }

        return packets;
    }
}
