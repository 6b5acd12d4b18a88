using System.Buffers;
using System.Text;
using System.Text.Unicode;
using System.Xml;
using AllInOne.Core.Entities.Snapshots;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Feeds.Xml;

/// <summary>
/// The parser of whole events, which <see cref="XmlFramer"/> has cut out, into reports. Element name = domain, <c>id</c> = object id,
/// <c>state</c> or the text of the element = state, <c>name</c>, <c>area</c>, <c>unit</c>, <c>class</c> = the members of the same names, any other
/// attribute = attribute. Namespaces are ignored: prefixes are removed and declarations are skipped. If an attribute with a prefix and one without
/// have the same name, the one without counts. Elements inside the element of an entity, and text beside the elements, have no meaning.
/// <para>An event that is not XML, not UTF-8 or exceeds a limit is broken: none of its elements is reported. An element without an entity id, or
/// beyond the limits of an entity, is skipped with a message; the other elements are reported.</para>
/// <para>A reader costs more than a small event, so one reader reads many events. If it fails, the event is read again alone, for a message with its
/// own line and position, and a new reader continues after it.</para>
/// </summary>
internal sealed class XmlEventParser(int maxElements, EntityLimits limits)
{
    private const string Root = "<r>";
    private const string RootEnd = "</r>";

    /// <summary>Reads the events, in order, one result for each.</summary>
    public void Parse(IReadOnlyList<ReadOnlyMemory<byte>> events, ICollection<FeedEvent> results)
    {
        var bytes = 0;
        foreach (var one in events)
        {
            bytes += one.Length;
        }

        var chars = ArrayPool<char>.Shared.Rent(bytes + Root.Length + RootEnd.Length);
        try
        {
            var next = 0;
            while (next < events.Count)
            {
                next = ParseRun(events, next, chars, results);
            }
        }
        finally
        {
            ArrayPool<char>.Shared.Return(chars);
        }
    }

    /// <summary>Reads the start tag of a hello; null and the reason if it is not valid.</summary>
    public static FeedHello? ParseHello(ReadOnlySpan<byte> tag, out string? problem)
    {
        problem = null;
        var text = new char[tag.Length + 1];
        if (!TryDecode(tag, text, out var length))
        {
            problem = "the hello is no UTF-8";
            return null;
        }

        if (text[length - 2] != '/')
        {
            "/>".CopyTo(text.AsSpan(length - 1));
            length++;
        }

        try
        {
            using var reader = Open(text, length);
            reader.Read();
            var acknowledge = reader.GetAttribute("ack") is { } ack && XmlConvert.ToBoolean(ack);
            return new FeedHello(acknowledge, reader.GetAttribute("token"));
        }
        catch (Exception e) when (e is XmlException or FormatException)
        {
            problem = $"the hello is not understood: {e.Message}";
            return null;
        }
    }

    // Reads from the given event until the first error, or only the given event; returns the position where to continue.
    private int ParseRun(IReadOnlyList<ReadOnlyMemory<byte>> events, int first, char[] chars, ICollection<FeedEvent> results)
    {
        Root.CopyTo(chars);
        var length = Root.Length;
        var end = first;
        while (end < events.Count && TryDecode(events[end].Span, chars.AsSpan(length), out var written))
        {
            length += written;
            end++;
        }

        if (end == first)
        {
            results.Add(FeedEvent.Refused("the event is no UTF-8"));
            return first + 1;
        }

        RootEnd.CopyTo(chars.AsSpan(length));
        var next = first;
        try
        {
            using var reader = Open(chars, length + RootEnd.Length);
            reader.Read();
            while (next < end)
            {
                results.Add(ReadEvent(reader));
                next++;
            }

            return next;
        }
        catch (XmlException)
        {
            results.Add(ParseAlone(events[next].Span, chars));
            return next + 1;
        }
    }

    private FeedEvent ParseAlone(ReadOnlySpan<byte> one, char[] chars)
    {
        TryDecode(one, chars, out var length);
        try
        {
            using var reader = Open(chars, length);
            return ReadEvent(reader);
        }
        catch (XmlException e)
        {
            return FeedEvent.Refused($"the event is no XML: {e.Message}");
        }
    }

    private FeedEvent ReadEvent(XmlTextReader reader)
    {
        while (reader.Read() && reader.NodeType != XmlNodeType.Element)
        {
        }

        if (reader.IsEmptyElement)
        {
            return new FeedEvent([], 0, null, false);
        }

        var eventDepth = reader.Depth;
        var reports = new List<EntityReport>();
        var bad = 0;
        var count = 0;
        string? problem = null;
        while (reader.Read() && reader.Depth > eventDepth)
        {
            if (reader.NodeType != XmlNodeType.Element || ++count > maxElements)
            {
                continue;
            }

            var report = ReadElement(reader, count, out var wrong);
            if (report is not null)
            {
                reports.Add(report);
            }
            else
            {
                bad++;
                problem = wrong;
            }

        }

        return count > maxElements
            ? FeedEvent.Refused($"the event has more than {maxElements} elements")
            : new FeedEvent(reports, bad, problem, false);
    }

    private EntityReport? ReadElement(XmlTextReader reader, int number, out string? problem)
    {
        var domain = Local(reader.Name);
        var element = new ElementAttributes(limits);
        while (reader.MoveToNextAttribute())
        {
            element.Add(reader.Name, reader.Value);
        }

        reader.MoveToElement();
        var text = reader.IsEmptyElement ? null : ReadText(reader);
        problem = null;
        if (element.Id is null)
        {
            problem = $"element {number} <{Excerpt.Of(domain)}> has no id";
        }
        else if (!EntityId.TryCreate(domain, element.Id, out var id))
        {
            problem = $"element {number}: '{Excerpt.Of(domain)}.{Excerpt.Of(element.Id)}' is no entity id";
        }
        else
        {
            var state = element.State ?? text;
            if (element.FaultWith(state) is not { } fault)
            {
                return new EntityReport(
                    id, state is null ? null : JsonText.FromText(state), element.Name, element.Area, element.Unit, element.Class, element.Others);
            }

            problem = $"element {number}: {id}: {fault}";
        }

        return null;
    }

    // The text of the element itself, trimmed; null if it has none. Nested elements are skipped.
    private static string? ReadText(XmlTextReader reader)
    {
        var depth = reader.Depth;
        string? first = null;
        StringBuilder? more = null;
        while (reader.Read() && reader.Depth > depth)
        {
            if (reader.Depth == depth + 1 && reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace)
            {
                if (first is null)
                {
                    first = reader.Value;
                }
                else
                {
                    (more ??= new StringBuilder(first)).Append(reader.Value);
                }
            }
        }

        var text = (more?.ToString() ?? first)?.Trim();
        return string.IsNullOrEmpty(text) ? null : text;
    }

    private static XmlTextReader Open(char[] chars, int length) => new(new CharReader(chars, length))
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        Namespaces = false,
        // Check character references too, and normalize line ends and the white space of values as XML requires.
        Normalization = true,
        // An undeclared entity is an error, not a node.
        EntityHandling = EntityHandling.ExpandEntities,
        WhitespaceHandling = WhitespaceHandling.Significant,
    };

    private static bool TryDecode(ReadOnlySpan<byte> bytes, Span<char> chars, out int written) =>
        Utf8.ToUtf16(bytes, chars, out _, out written, replaceInvalidSequences: false) == OperationStatus.Done;

    internal static string Local(string name) => name[(name.LastIndexOf(':') + 1)..];

    /// <summary>A reader of the text of several events, without another copy.</summary>
    private sealed class CharReader(char[] chars, int length) : TextReader
    {
        private int _position;

        public override int Peek() => _position < length ? chars[_position] : -1;

        public override int Read() => _position < length ? chars[_position++] : -1;

        public override int Read(char[] buffer, int index, int count)
        {
            var taken = Math.Min(count, length - _position);
            Array.Copy(chars, _position, buffer, index, taken);
            _position += taken;
            return taken;
        }
    }
}
