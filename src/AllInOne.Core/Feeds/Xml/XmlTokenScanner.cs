namespace AllInOne.Core.Feeds.Xml;

internal enum XmlTokenKind
{
    /// <summary>The end of the token has not arrived yet.</summary>
    Incomplete,
    StartTag,
    EmptyTag,
    EndTag,
    Comment,
    CharacterData,
    Instruction,

    /// <summary>Not XML; the length is the number of bytes that can be given up.</summary>
    Malformed,
}

/// <summary>
/// Finds the end of one piece of markup in bytes that arrive in pieces. It remembers the position up to which it has searched, so that a client that
/// sends single bytes costs no more than a client that sends everything at once. For a comment, CDATA section or instruction that was given up, it
/// also remembers the position up to which there is no end, so that the cost of hostile nesting stays linear.
/// </summary>
internal struct XmlTokenScanner
{
    private int _scanned;
    private byte _quote;
    private XmlTokenKind _open;

    // Absolute positions before which no "--", "]]>" or "?>" begins.
    private long _noCommentEnd;
    private long _noDataEnd;
    private long _noInstructionEnd;

    /// <summary>
    /// Continues the search. At each call until <see cref="Reset"/>, <paramref name="data"/> begins at the <c>&lt;</c> of the token.
    /// </summary>
    /// <param name="position">The position of the token in the whole stream.</param>
    /// <param name="length">The length of the token; for <see cref="XmlTokenKind.Malformed"/>, the number of invalid bytes.</param>
    public XmlTokenKind Scan(ReadOnlySpan<byte> data, long position, out int length)
    {
        length = 1;
        if (data.Length < 2)
        {
            return XmlTokenKind.Incomplete;
        }

        switch (data[1])
        {
            case (byte)'!':
                if (data.StartsWith("<!--"u8))
                {
                    return ScanComment(data, position, out length);
                }

                if (data.StartsWith("<![CDATA["u8))
                {
                    return ScanTo("]]>"u8, 9, XmlTokenKind.CharacterData, ref _noDataEnd, data, position, out length);
                }

                return "<!--"u8.StartsWith(data) || "<![CDATA["u8.StartsWith(data) ? XmlTokenKind.Incomplete : XmlTokenKind.Malformed;
            case (byte)'?':
                return ScanTo("?>"u8, 2, XmlTokenKind.Instruction, ref _noInstructionEnd, data, position, out length);
            case (byte)'/':
                return ScanTag(data, XmlTokenKind.EndTag, out length);
            case (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z') or (byte)'_' or (byte)':' or >= 0x80:
                return ScanTag(data, XmlTokenKind.StartTag, out length);
            default:
                return XmlTokenKind.Malformed;
        }
    }

    /// <summary>Ends the current token; the next one may begin.</summary>
    public void Reset()
    {
        _scanned = 0;
        _quote = 0;
        _open = XmlTokenKind.Incomplete;
    }

    /// <summary>
    /// Gives the token up, because it is invalid, or because its end does not arrive within the limit or the stream. Its content may then be scanned
    /// again.
    /// </summary>
    public void GiveUp(long position)
    {
        var seen = position + _scanned;
        switch (_open)
        {
            case XmlTokenKind.Comment:
                _noCommentEnd = Math.Max(_noCommentEnd, seen);
                break;
            case XmlTokenKind.CharacterData:
                _noDataEnd = Math.Max(_noDataEnd, seen);
                break;
            case XmlTokenKind.Instruction:
                _noInstructionEnd = Math.Max(_noInstructionEnd, seen);
                break;
        }

        Reset();
    }

    // XML allows no "--" inside a comment. So a comment without an end is malformed at the latest where the next comment opens.
    private XmlTokenKind ScanComment(ReadOnlySpan<byte> data, long position, out int length)
    {
        length = 4;
        _open = XmlTokenKind.Comment;
        _scanned = Math.Max(_scanned, Known(_noCommentEnd, position, 4, data.Length));
        var found = data[_scanned..].IndexOf("--"u8);
        if (found < 0)
        {
            _scanned = Math.Max(_scanned, data.Length - 1);
            return XmlTokenKind.Incomplete;
        }

        _scanned += found;
        if (data.Length < _scanned + 3)
        {
            return XmlTokenKind.Incomplete;
        }

        if (data[_scanned + 2] != (byte)'>')
        {
            return XmlTokenKind.Malformed;
        }

        length = _scanned + 3;
        return XmlTokenKind.Comment;
    }

    private XmlTokenKind ScanTo(
        ReadOnlySpan<byte> end, int opening, XmlTokenKind kind, ref long noEnd, ReadOnlySpan<byte> data, long position, out int length)
    {
        length = opening;
        _open = kind;
        _scanned = Math.Max(_scanned, Known(noEnd, position, opening, data.Length));
        var found = data[_scanned..].IndexOf(end);
        if (found < 0)
        {
            _scanned = Math.Max(_scanned, data.Length - end.Length + 1);
            return XmlTokenKind.Incomplete;
        }

        _scanned += found;
        length = _scanned + end.Length;
        return kind;
    }

    private static int Known(long noEnd, long position, int opening, int available) =>
        (int)Math.Min(Math.Max(noEnd - position, opening), available);

    private XmlTokenKind ScanTag(ReadOnlySpan<byte> data, XmlTokenKind kind, out int length)
    {
        _open = kind;
        while (true)
        {
            var rest = data[_scanned..];
            // The '<' of the tag itself is skipped. XML allows no other '<' in a tag, not even in a value.
            var from = _scanned == 0 ? 1 : 0;
            var found = _quote == 0 ? rest[from..].IndexOfAny("<>\"'"u8) : rest[from..].IndexOfAny((byte)'<', _quote);
            if (found < 0)
            {
                _scanned = data.Length;
                length = data.Length;
                return XmlTokenKind.Incomplete;
            }

            var at = _scanned + from + found;
            switch (data[at])
            {
                case (byte)'<':
                    length = at;
                    return XmlTokenKind.Malformed;
                case (byte)'>' when _quote == 0:
                    length = at + 1;
                    return kind == XmlTokenKind.StartTag && data[at - 1] == (byte)'/' ? XmlTokenKind.EmptyTag : kind;
                case var quote:
                    _quote = _quote == 0 ? quote : (byte)0;
                    _scanned = at + 1;
                    break;
            }
        }
    }
}
