namespace AllInOne.Core.Feeds.Xml;

internal enum XmlFrameKind
{
    /// <summary>One whole <c>&lt;event&gt;…&lt;/event&gt;</c>, with balanced tags; the parser checks the rest.</summary>
    Event,

    /// <summary>The start tag of <c>&lt;feed …/&gt;</c>.</summary>
    Hello,

    /// <summary>An event that is not well-formed or exceeds a limit. It counts as a received event.</summary>
    BrokenEvent,

    /// <summary>Bytes between events that are not allowed there. Adjacent ones are one frame.</summary>
    Junk,
}

/// <summary>One piece of the stream that the framer has cut out.</summary>
/// <param name="Bytes">A part of the framer's buffer, valid until its next <c>Append</c>. Empty for a refused piece.</param>
/// <param name="Reason">The reason for a refusal; null for an event and a hello.</param>
internal readonly record struct XmlFrame(XmlFrameKind Kind, ReadOnlyMemory<byte> Bytes, string? Reason)
{
    public static XmlFrame Refused(XmlFrameKind kind, string reason) => new(kind, default, reason);
}
