using System.Buffers;

namespace AllInOne.Core.Feeds.Xml;

internal enum XmlMatch
{
    No,
    Yes,

    /// <summary>Not decided: more bytes are needed.</summary>
    Open,
}

/// <summary>Reads names and attributes of a tag from its bytes. Namespaces are ignored: a prefix is not part of a name.</summary>
internal static class XmlNames
{
    // When bytes are skipped, a tag with a longer name than this is not recognized.
    private const int Lookahead = 256;

    private static readonly SearchValues<byte> EndOfName = SearchValues.Create(" \t\r\n/>"u8);
    private static readonly SearchValues<byte> EndOfNameOrTag = SearchValues.Create(" \t\r\n/><"u8);

    /// <summary>The name of a tag with its prefix.</summary>
    public static ReadOnlySpan<byte> Qualified(ReadOnlySpan<byte> tag)
    {
        var name = tag[(tag[1] == (byte)'/' ? 2 : 1)..];
        var end = name.IndexOfAny(EndOfName);
        return end < 0 ? name : name[..end];
    }

    public static ReadOnlySpan<byte> Local(ReadOnlySpan<byte> qualified) => qualified[(qualified.LastIndexOf((byte)':') + 1)..];

    public static bool IsEvent(ReadOnlySpan<byte> tag) => Local(Qualified(tag)).SequenceEqual("event"u8);

    public static bool IsFeed(ReadOnlySpan<byte> tag) => Local(Qualified(tag)).SequenceEqual("feed"u8);

    /// <summary>
    /// The hash of a name (FNV-1a), which distinguishes names without storing them. The parser compares whole names, so it finds a collision.
    /// </summary>
    public static ulong Hash(ReadOnlySpan<byte> name)
    {
        var hash = 14695981039346656037;
        foreach (var b in name)
        {
            hash = (hash ^ b) * 1099511628211;
        }

        return hash;
    }

    /// <summary>Whether a complete start tag has the attribute <c>id</c>, which only the elements of an event must have.</summary>
    public static bool HasId(ReadOnlySpan<byte> tag)
    {
        var rest = tag[(1 + Qualified(tag).Length)..];
        while (true)
        {
            rest = rest.TrimStart(" \t\r\n/>"u8);
            var end = rest.IndexOfAny(" \t\r\n="u8);
            if (end < 0)
            {
                return false;
            }

            if (Local(rest[..end]).SequenceEqual("id"u8))
            {
                return true;
            }

            var open = rest.IndexOfAny((byte)'"', (byte)'\'');
            var close = open < 0 ? -1 : rest[(open + 1)..].IndexOf(rest[open]);
            if (close < 0)
            {
                return false;
            }

            rest = rest[(open + close + 2)..];
        }
    }

    /// <summary>Whether <c>&lt;event</c> (or <c>&lt;x:event</c>) begins here; <c>&lt;eventful</c> does not count.</summary>
    public static XmlMatch StartsEvent(ReadOnlySpan<byte> data) => Match(data, 1, out _);

    /// <summary>Whether <c>&lt;/event&gt;</c> begins here, and its length.</summary>
    public static XmlMatch EndsEvent(ReadOnlySpan<byte> data, out int length)
    {
        length = 0;
        if (data.Length < 2)
        {
            return XmlMatch.Open;
        }

        if (data[1] != (byte)'/')
        {
            return XmlMatch.No;
        }

        var match = Match(data, 2, out var end);
        if (match != XmlMatch.Yes)
        {
            return match;
        }

        var rest = data[end..];
        var close = rest.IndexOfAnyExcept(" \t\r\n"u8);
        length = end + close + 1;
        return close >= 0 ? (rest[close] == (byte)'>' ? XmlMatch.Yes : XmlMatch.No)
            : data.Length < Lookahead ? XmlMatch.Open
            : XmlMatch.No;
    }

    private static XmlMatch Match(ReadOnlySpan<byte> data, int from, out int end)
    {
        end = data.Length;
        var name = data[Math.Min(from, data.Length)..];
        var delimiter = name.IndexOfAny(EndOfNameOrTag);
        if (delimiter < 0)
        {
            return data.Length < Lookahead ? XmlMatch.Open : XmlMatch.No;
        }

        end = from + delimiter;
        return name[delimiter] != (byte)'<' && Local(name[..delimiter]).SequenceEqual("event"u8) ? XmlMatch.Yes : XmlMatch.No;
    }
}
