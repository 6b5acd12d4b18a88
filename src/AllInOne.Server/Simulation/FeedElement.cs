using System.Globalization;

namespace AllInOne.Server.Simulation;

/// <summary>
/// One element of an event: what a device says about one entity. Devices always say all they know, so that an entity that was
/// deleted meanwhile comes back whole.
/// </summary>
/// <param name="Domain">The element's name.</param>
/// <param name="Id">The object id.</param>
/// <param name="State">The state as text.</param>
/// <param name="Name">For people.</param>
/// <param name="Area">Where it is; null where it is nowhere.</param>
/// <param name="Class">What it measures, as Home Assistant names it.</param>
/// <param name="Unit">Of a state that is a number.</param>
/// <param name="Attributes">What else there is, in order.</param>
internal sealed record FeedElement(
    string Domain, string Id, string State, string Name, string? Area, string? Class, string? Unit, IReadOnlyList<(string Name, string Value)> Attributes)
{
    public string EntityId => $"{Domain}.{Id}";

    /// <summary>What may change of it; two elements of one entity that agree here say the same.</summary>
    public string Content => string.Join('\n', Attributes.Select(one => $"{one.Name}={one.Value}").Prepend(State));

    /// <summary>A state or attribute that is a number, with at most so many decimals.</summary>
    public static string Number(double value, int decimals) =>
        Math.Round(value, decimals, MidpointRounding.AwayFromZero).ToString(CultureInfo.InvariantCulture);

    public static string OnOff(bool on) => on ? "on" : "off";
}
