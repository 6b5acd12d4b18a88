using System.Buffers;

namespace AllInOne.Core.Feeds.Xml;

/// <summary>
/// Cuts a stream of bytes into whole events. The result does not depend on the packets. It understands only as much XML as it needs to find the end
/// of an event: tags and their names, quotes, comments, CDATA sections and instructions.
/// <para>Between events, white space, a byte order mark, comments and processing instructions (also an XML declaration) are ignored. <c>&lt;feed
/// …&gt;</c> is a hello. Everything else is junk, which is refused in one piece up to the next <c>&lt;event</c>.</para>
/// <para>If an event is not XML (it has a <c>&lt;</c> inside a tag, an end tag without its start tag, <c>--</c> inside a comment, or a document type
/// declaration), it is broken from there on. It is skipped up to its <c>&lt;/event&gt;</c> or the next <c>&lt;event</c>, whichever comes first, even
/// inside other markup. An event that only exceeds a limit is still read as XML up to its end, so that no part of it is read as an event.</para>
/// <para>An event without an end must not take the events after it. So <c>&lt;event</c> inside an event begins a new event, and the event before it
/// is broken. There is one exception: a direct child with an <c>id</c> and without elements of its own is an entity of the domain <c>event</c>. A
/// comment, CDATA section or instruction without an end within the size limit, or before the end of the stream, does not count as one: the bytes
/// after its opening are examined again.</para>
/// <para>The size limit and one <see cref="Append"/> bound the memory. Not thread-safe; owned by one session.</para>
/// </summary>
/// <param name="maxEventBytes">The maximum size of an event, and of a piece of markup between events, in bytes.</param>
/// <param name="maxDepth">The maximum depth of nested elements; the event itself is 1.</param>
internal sealed class XmlFramer(int maxEventBytes, int maxDepth)
{
    private const string Unfinished = "the stream ended inside an event";
    private const string NotXml = "the event is not well-formed";
    private const string NewEvent = "a new event begins before this one has ended";

    private readonly XmlFrameBuffer _buffer = new();
    private readonly ulong[] _open = new ulong[maxDepth];
    private XmlTokenScanner _scanner;
    private Mode _mode;
    private int _depth;
    private bool _completed;

    // The reason why the scan of a token was given up before its end; null if the token is not XML.
    private string? _fault;

    // The current position in the buffer, the start of the current event, and the start of its child <event id="…"> (-1: none).
    private int _position;
    private int _eventStart;
    private int _innerEvent = -1;

    private enum Mode
    {
        Between,
        InEvent,

        /// <summary>Inside an event that is refused already but still read up to its end.</summary>
        InRefused,

        /// <summary>After a broken event: skips up to the next event or the end of this one.</summary>
        SkippingEvent,

        /// <summary>After junk: skips up to the next event.</summary>
        SkippingJunk,
    }

    private enum Step
    {
        Again,
        Found,
        Wait,
    }

    /// <summary>The number of buffered bytes: of an event, or of a piece of markup, whose end has not arrived.</summary>
    public int Held => _buffer.End - (_mode == Mode.InEvent ? _eventStart : _position);

    /// <summary>Adds bytes. Frames that were returned before become invalid.</summary>
    public void Append(in ReadOnlySequence<byte> bytes)
    {
        var keep = _mode == Mode.InEvent ? _eventStart : _position;
        _buffer.Append(bytes, keep);
        _position -= keep;
        _eventStart -= keep;
        _innerEvent = _innerEvent < 0 ? -1 : _innerEvent - keep;
    }

    /// <summary>Notes that no more bytes will come: an unfinished event is then broken.</summary>
    public void Complete() => _completed = true;

    /// <summary>Reads the next frame. Returns false if more bytes are needed.</summary>
    public bool TryRead(out XmlFrame frame)
    {
        frame = default;
        while (true)
        {
            var step = _mode switch
            {
                Mode.Between => Between(out frame),
                Mode.InEvent or Mode.InRefused => InEvent(out frame),
                _ => Skip(),
            };
            if (step != Step.Again)
            {
                return step == Step.Found;
            }
        }
    }

    /// <summary>Returns the buffer to the pool if it is empty, so that an idle connection takes little memory.</summary>
    public void Rest()
    {
        if (_position == _buffer.End && _mode != Mode.InEvent)
        {
            _buffer.Release();
            _position = 0;
        }
    }

    private Step Between(out XmlFrame frame)
    {
        frame = default;
        var rest = _buffer.From(_position);
        var start = rest.IndexOfAnyExcept(" \t\r\n"u8);
        _position += start < 0 ? rest.Length : start;
        if (start < 0)
        {
            return Step.Wait;
        }

        rest = rest[start..];
        if (rest[0] != (byte)'<')
        {
            var mark = ByteOrderMark(rest);
            if (mark == XmlMatch.Yes)
            {
                _position += 3;
            }

            return mark switch
            {
                XmlMatch.Yes => Step.Again,
                XmlMatch.Open when !_completed => Step.Wait,
                _ => Refuse(XmlFrameKind.Junk, "text between events", Mode.SkippingJunk, 0, out frame),
            };
        }

        var kind = Scan(rest, out var length, out _);
        switch (kind)
        {
            case XmlTokenKind.Incomplete:
                return Step.Wait;
            case XmlTokenKind.Comment or XmlTokenKind.Instruction:
            case XmlTokenKind.EndTag when XmlNames.IsFeed(rest[..length]):
                Take(length);
                return Step.Again;
            case XmlTokenKind.StartTag or XmlTokenKind.EmptyTag when XmlNames.IsEvent(rest[..length]):
                return Begin(kind, length, out frame);
            case XmlTokenKind.StartTag or XmlTokenKind.EmptyTag when XmlNames.IsFeed(rest[..length]):
                frame = new XmlFrame(XmlFrameKind.Hello, _buffer.Slice(_position, length), null);
                Take(length);
                return Step.Found;
            case XmlTokenKind.Malformed when XmlNames.StartsEvent(rest) == XmlMatch.Yes:
                return Refuse(XmlFrameKind.BrokenEvent, _fault ?? NotXml, Mode.SkippingEvent, length, out frame);
            default:
                return Refuse(XmlFrameKind.Junk, Describe(rest), Mode.SkippingJunk, length, out frame);
        }
    }

    private Step Begin(XmlTokenKind kind, int length, out XmlFrame frame)
    {
        frame = default;
        _eventStart = _position;
        _innerEvent = -1;
        _depth = 0;
        _mode = Mode.InEvent;
        if (kind == XmlTokenKind.StartTag)
        {
            Push(_buffer.From(_position)[..length]);
        }

        Take(length);
        return kind == XmlTokenKind.EmptyTag ? End(out frame) : Step.Again;
    }

    private Step InEvent(out XmlFrame frame)
    {
        frame = default;
        if (_mode == Mode.InEvent && _position - _eventStart > maxEventBytes)
        {
            return TooLarge(out frame);
        }

        var rest = _buffer.From(_position);
        if (rest.IsEmpty)
        {
            return _completed ? Break(Unfinished, Mode.Between, 0, out frame) : Step.Wait;
        }

        if (rest[0] != (byte)'<')
        {
            var text = rest.IndexOf((byte)'<');
            _position += text < 0 ? rest.Length : text;
            return Step.Again;
        }

        var kind = Scan(rest, out var length, out var seen);
        if (_mode == Mode.InEvent && _position + seen - _eventStart > maxEventBytes)
        {
            return TooLarge(out frame);
        }

        switch (kind)
        {
            case XmlTokenKind.Incomplete:
                return Step.Wait;
            case XmlTokenKind.Malformed:
                return Break(Describe(rest), Mode.SkippingEvent, length, out frame);
            case XmlTokenKind.StartTag or XmlTokenKind.EmptyTag:
                return StartElement(rest[..length], kind == XmlTokenKind.EmptyTag, out frame);
            case XmlTokenKind.EndTag:
                return EndElement(rest[..length], out frame);
            default:
                Take(length);
                return Step.Again;
        }
    }

    private Step StartElement(ReadOnlySpan<byte> tag, bool empty, out XmlFrame frame)
    {
        frame = default;
        if (_innerEvent >= 0 && _depth == 2)
        {
            // The child that looked like an entity of the domain "event" has elements of its own, so it is the next event.
            var inner = _innerEvent;
            return Break(NewEvent, Mode.Between, inner - _position, out frame);
        }

        if (XmlNames.IsEvent(tag))
        {
            if (_mode == Mode.InRefused || _depth != 1 || !XmlNames.HasId(tag))
            {
                return Break(NewEvent, Mode.Between, 0, out frame);
            }

            _innerEvent = empty ? -1 : _position;
        }

        Take(tag.Length);
        if (empty)
        {
            return Step.Again;
        }

        Push(tag);
        if (_depth <= maxDepth || _mode == Mode.InRefused)
        {
            return Step.Again;
        }

        return ReadOnRefused($"elements are nested more than {maxDepth} deep", out frame);
    }

    private Step EndElement(ReadOnlySpan<byte> tag, out XmlFrame frame)
    {
        frame = default;
        if (_depth <= maxDepth && _open[_depth - 1] != XmlNames.Hash(XmlNames.Qualified(tag)))
        {
            // "</event>" always ends the event, even if it does not match. Any other tag is somewhere inside the event.
            return Break(NotXml, XmlNames.IsEvent(tag) ? Mode.Between : Mode.SkippingEvent, tag.Length, out frame);
        }

        Take(tag.Length);
        _depth--;
        if (_depth == 1)
        {
            _innerEvent = -1;
        }

        return _depth == 0 ? End(out frame) : Step.Again;
    }

    private Step End(out XmlFrame frame)
    {
        var refused = _mode == Mode.InRefused;
        _mode = Mode.Between;
        frame = refused ? default : new XmlFrame(XmlFrameKind.Event, _buffer.Slice(_eventStart, _position - _eventStart), null);
        return refused ? Step.Again : Step.Found;
    }

    private Step TooLarge(out XmlFrame frame) => ReadOnRefused($"the event is larger than {maxEventBytes} bytes", out frame);

    // The XML is valid so far: the event is refused now, and read up to its end.
    private Step ReadOnRefused(string reason, out XmlFrame frame)
    {
        _mode = Mode.InRefused;
        _innerEvent = -1;
        frame = XmlFrame.Refused(XmlFrameKind.BrokenEvent, reason);
        return Step.Found;
    }

    // The current event is broken: continue in the given mode, at a position this many bytes further (or back).
    private Step Break(string reason, Mode mode, int move, out XmlFrame frame)
    {
        if (_mode == Mode.InEvent)
        {
            return Refuse(XmlFrameKind.BrokenEvent, reason, mode, move, out frame);
        }

        _ = Refuse(default, reason, mode, move, out frame);
        frame = default;
        return Step.Again;
    }

    private Step Refuse(XmlFrameKind kind, string reason, Mode mode, int move, out XmlFrame frame)
    {
        _scanner.GiveUp(_buffer.Absolute(_position));
        _position += move;
        _innerEvent = -1;
        _mode = mode;
        frame = XmlFrame.Refused(kind, reason);
        return Step.Found;
    }

    private Step Skip()
    {
        while (true)
        {
            var rest = _buffer.From(_position);
            var next = rest.IndexOf((byte)'<');
            _position += next < 0 ? rest.Length : next;
            if (next < 0)
            {
                return Step.Wait;
            }

            rest = rest[next..];
            var start = XmlNames.StartsEvent(rest);
            if (start == XmlMatch.Yes)
            {
                _mode = Mode.Between;
                return Step.Again;
            }

            var length = 0;
            var end = _mode == Mode.SkippingEvent ? XmlNames.EndsEvent(rest, out length) : XmlMatch.No;
            if (end == XmlMatch.Yes)
            {
                _position += length;
                _mode = Mode.Between;
                return Step.Again;
            }

            if (!_completed && (start == XmlMatch.Open || end == XmlMatch.Open))
            {
                return Step.Wait;
            }

            _position++;
        }
    }

    // A complete token that is longer than the maximum event is treated like a token whose end has not arrived within the limit, so that the result
    // does not depend on the packets.
    private XmlTokenKind Scan(ReadOnlySpan<byte> rest, out int length, out int seen)
    {
        var kind = _scanner.Scan(rest, _buffer.Absolute(_position), out length);
        seen = kind == XmlTokenKind.Incomplete ? rest.Length : length;
        _fault = kind == XmlTokenKind.Malformed ? null
            : seen > maxEventBytes ? "markup without an end"
            : kind == XmlTokenKind.Incomplete && _completed ? Unfinished
            : null;
        if (_fault is null)
        {
            return kind;
        }

        length = 1;
        return XmlTokenKind.Malformed;
    }

    private void Push(ReadOnlySpan<byte> tag)
    {
        if (_depth < maxDepth)
        {
            _open[_depth] = XmlNames.Hash(XmlNames.Qualified(tag));
        }

        _depth++;
    }

    private void Take(int length)
    {
        _position += length;
        _scanner.Reset();
    }

    private string Describe(ReadOnlySpan<byte> rest) =>
        _fault
        ?? (rest.StartsWith("<!"u8) && !rest.StartsWith("<!--"u8) && !rest.StartsWith("<![CDATA["u8) ? "a document type declaration is refused"
        : _mode == Mode.Between ? "markup between events that is no event"
        : NotXml);

    private static XmlMatch ByteOrderMark(ReadOnlySpan<byte> rest) =>
        rest.StartsWith("\uFEFF"u8) ? XmlMatch.Yes
        : "\uFEFF"u8.StartsWith(rest) ? XmlMatch.Open
        : XmlMatch.No;
}
