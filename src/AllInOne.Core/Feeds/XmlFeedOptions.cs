using System.Net;
using AllInOne.Core.Values;

namespace AllInOne.Core.Feeds;

/// <summary>Section <c>Feeds:Xml</c>: the listener for XML events over TCP. A limit of 0 is none where that is said.</summary>
public sealed class XmlFeedOptions
{
    public const string Section = FeedsOptions.Section + ":Xml";

    /// <summary>Address and port: <c>127.0.0.1:7070</c>, <c>[::1]:7070</c>, <c>localhost:7070</c>; <c>*:7070</c> is every address. Port 0 takes a free one.</summary>
    public string Listen { get; set; } = "127.0.0.1:7070";

    /// <summary>What a client has to send first as <c>&lt;feed token="…"/&gt;</c>. Needed where <see cref="Listen"/> is not on loopback.</summary>
    public string? Token { get; set; }

    /// <summary>Connections at a time; one too many is closed at once. 0: as many as come.</summary>
    public int MaxConnections { get; set; }

    /// <summary>The largest event in bytes; a larger one is refused and skipped without being held in memory.</summary>
    public int MaxEventBytes { get; set; } = 1024 * 1024;

    /// <summary>How deep the elements of an event may be nested, the event itself included.</summary>
    public int MaxDepth { get; set; } = 32;

    /// <summary>Elements in one event at most; an event with more is refused.</summary>
    public int MaxElements { get; set; } = 10_000;

    /// <summary>Elements of one connection that may be on their way to the disk before it is read no further. One read may go past it.</summary>
    public int MaxInFlight { get; set; } = 4_096;

    /// <summary>The same for all connections together. A connection with nothing on its way may always read once.</summary>
    public int MaxInFlightTotal { get; set; } = 131_072;

    /// <summary>Bytes read from a connection at a time.</summary>
    public int ReadBytes { get; set; } = 64 * 1024;

    /// <summary>A connection that has sent nothing for so long is closed. Zero: never.</summary>
    public TimeSpan IdleTimeout { get; set; }

    /// <summary>How long a connection that ends (after its half-close, or when the server stops) may wait for its last commits and acknowledgement.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Connections that the system holds until they are accepted.</summary>
    public int Backlog { get; set; } = 1024;

    /// <summary>Whether other machines can reach <see cref="Listen"/>.</summary>
    public bool IsOpen => FeedAddress.TryParse(Listen, out var endPoint, out _) && !IPAddress.IsLoopback(endPoint.Address);

    /// <summary>All that is wrong, each with the key it is about.</summary>
    public IEnumerable<string> Validate()
    {
        if (!FeedAddress.TryParse(Listen, out _, out var problem))
        {
            yield return $"{Section}:{nameof(Listen)}: {problem}";
        }
        else if (IsOpen && string.IsNullOrEmpty(Token))
        {
            yield return $"{Section}:{nameof(Token)}: a token is needed because {Section}:{nameof(Listen)} ({Excerpt.Of(Listen)}) is not on loopback.";
        }

        foreach (var (name, value, least, most) in new[]
        {
            (nameof(MaxConnections), MaxConnections, 0, 1_000_000),
            (nameof(MaxEventBytes), MaxEventBytes, 256, 256 * 1024 * 1024),
            (nameof(MaxDepth), MaxDepth, 2, 1_000),
            (nameof(MaxElements), MaxElements, 1, 10_000_000),
            (nameof(MaxInFlight), MaxInFlight, 1, 10_000_000),
            (nameof(MaxInFlightTotal), MaxInFlightTotal, 1, 100_000_000),
            (nameof(ReadBytes), ReadBytes, 256, 16 * 1024 * 1024),
            (nameof(Backlog), Backlog, 1, 65_535),
        })
        {
            if (value < least || value > most)
            {
                yield return $"{Section}:{name}: {value} is not between {least} and {most}.";
            }
        }

        if (IdleTimeout < TimeSpan.Zero || IdleTimeout > TimeSpan.FromDays(30))
        {
            yield return $"{Section}:{nameof(IdleTimeout)}: {IdleTimeout} is not between 0 and 30 days.";
        }

        if (DrainTimeout <= TimeSpan.Zero || DrainTimeout > TimeSpan.FromHours(1))
        {
            yield return $"{Section}:{nameof(DrainTimeout)}: {DrainTimeout} is not between 0 and 1 hour.";
        }
    }
}
