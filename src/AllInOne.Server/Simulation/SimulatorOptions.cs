using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AllInOne.Server.Simulation;

/// <summary>The options of the simulator.</summary>
/// <param name="To">The address of the feed.</param>
/// <param name="Speed">Simulated seconds per second.</param>
/// <param name="Rate">Samples of the home per second; each sends one event if there are changes.</param>
internal sealed record SimulatorOptions(FeedTarget To, double Speed, double Rate);

/// <summary>The address of a feed; the host may be a name.</summary>
internal readonly record struct FeedTarget(string Host, int Port)
{
    public static FeedTarget Default { get; } = new("127.0.0.1", 7070);

    public static bool TryParse(string text, [NotNullWhen(true)] out FeedTarget? target)
    {
        var colon = text.LastIndexOf(':');
        target = colon > 0 && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? new FeedTarget(text[..colon].Trim('[', ']'), port)
            : null;
        return target is not null;
    }

    public override string ToString() => $"{Host}:{Port}";
}
