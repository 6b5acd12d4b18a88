namespace AllInOne.Core.Feeds.Xml;

internal enum XmlFrameKind
{
    /// <summary>One whole <c>&lt;event&gt;…&lt;/event&gt;</c>, its tags balanced; the parser judges the rest.</summary>
    Event,

    /// <summary>The start tag of <c>&lt;feed …/&gt;</c>.</summary>
    Hello,

    /// <summary>An event that is not well-formed or past a limit; it counts as an event received.</summary>
    BrokenEvent,

    /// <summary>Something between events that has no business there; one run of it is one frame.</summary>
    Junk,
}

/// <summary>What the framer found next.</summary>
/// <param name="Bytes">Lies in the framer's buffer: good until its next <c>Append</c>. Empty for what is refused.</param>
/// <param name="Reason">Why it was refused; null for an event and a hello.</param>
internal readonly record struct XmlFrame(XmlFrameKind Kind, ReadOnlyMemory<byte> Bytes, string? Reason)
{
    public static XmlFrame Refused(XmlFrameKind kind, string reason) => new(kind, default, reason);
}
