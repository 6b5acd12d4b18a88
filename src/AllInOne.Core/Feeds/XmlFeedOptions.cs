using System.Net;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Options;

namespace AllInOne.Core.Feeds;

/// <summary>The options of the listener for XML events over TCP (section <c>Feeds:Xml</c>).</summary>
public sealed class XmlFeedOptions : IOptionRules
{
    /// <summary>
    /// Address and port: <c>127.0.0.1:7070</c>, <c>[::1]:7070</c>, <c>localhost:7070</c>; <c>*:7070</c> is every address. Port 0 takes a free one.
    /// </summary>
    public string Listen { get; set; } = "127.0.0.1:7070";

    /// <summary>
    /// The token that a client must send first, as <c>&lt;feed token="…"/&gt;</c>. Required if <see cref="Listen"/> is not a loopback address.
    /// </summary>
    public string? Token { get; set; }

    /// <summary>The maximum number of open connections; a further connection is closed at once. 0: no limit.</summary>
    [Allowed(0, 1_000_000)]
    public int MaxConnections { get; set; }

    /// <summary>The largest event in bytes; the feed rejects a larger event, and does not keep it in memory.</summary>
    [Allowed(256, 256 * 1024 * 1024)]
    public int MaxEventBytes { get; set; } = 1024 * 1024;

    /// <summary>The maximum depth of the elements of an event, including the event itself.</summary>
    [Allowed(2, 1_000)]
    public int MaxDepth { get; set; } = 32;

    /// <summary>The maximum number of elements in one event; an event with more is rejected.</summary>
    [Allowed(1, 10_000_000)]
    public int MaxElements { get; set; } = 10_000;

    /// <summary>The maximum number of pending elements of one connection. At this number the feed stops reading from it; the last read may exceed it.</summary>
    [Allowed(1, 10_000_000)]
    public int MaxInFlight { get; set; } = 4_096;

    /// <summary>The same for all connections together. A connection without pending elements may always read once.</summary>
    [Allowed(1, 100_000_000)]
    public int MaxInFlightTotal { get; set; } = 131_072;

    /// <summary>How many bytes one read takes from a connection.</summary>
    [Allowed(256, 16 * 1024 * 1024)]
    public int ReadBytes { get; set; } = 64 * 1024;

    /// <summary>A connection that sends nothing for this time is closed. Zero: never.</summary>
    [Allowed("00:00:00", "30.00:00:00")]
    public TimeSpan IdleTimeout { get; set; }

    /// <summary>
    /// When the server stops or a read fails: how long a connection may wait for its last commits and acknowledgement. After a half-close it may wait
    /// for commits without a limit; this limit then starts when only the acknowledgement is left.
    /// </summary>
    [Allowed("00:00:00.001", "01:00:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many connections the operating system holds until they are accepted.</summary>
    [Allowed(1, 65_535)]
    public int Backlog { get; set; } = 1024;

    /// <summary>Whether other machines can reach <see cref="Listen"/>.</summary>
    public bool IsOpen => FeedAddress.TryParse(Listen, out var endPoint, out _) && !IPAddress.IsLoopback(endPoint.Address);

    public IEnumerable<string> BrokenRules()
    {
        if (!FeedAddress.TryParse(Listen, out _, out var problem))
        {
            yield return $"Feeds:Xml:Listen is {problem}";
        }
        else if (IsOpen && string.IsNullOrEmpty(Token))
        {
            yield return $"Feeds:Xml:Token is empty; Feeds:Xml:Listen, '{Excerpt.Of(Listen)}', needs a token because it is not a loopback address";
        }
    }
}
