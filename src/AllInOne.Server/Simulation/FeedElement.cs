using System.Globalization;

namespace AllInOne.Server.Simulation;

/// <summary>
/// One element of an event: the report of a device about one entity. A device always reports all values, so that an entity that was deleted meanwhile
/// is created again with all of them.
/// </summary>
/// <param name="Domain">The element's name.</param>
/// <param name="Id">The object id.</param>
/// <param name="State">The state as text.</param>
/// <param name="Name">The name for people.</param>
/// <param name="Area">The area; null if it has none.</param>
/// <param name="Class">The device class, as in Home Assistant.</param>
/// <param name="Unit">The unit of a state that is a number.</param>
/// <param name="Attributes">The other attributes, in order.</param>
internal sealed record FeedElement(
    string Domain, string Id, string State, string Name, string? Area, string? Class, string? Unit, IReadOnlyList<(string Name, string Value)> Attributes)
{
    public string EntityId => $"{Domain}.{Id}";

    /// <summary>The part that may change. Two elements of one entity are equal if this part is equal.</summary>
    public string Content => string.Join('\n', Attributes.Select(one => $"{one.Name}={one.Value}").Prepend(State));

    /// <summary>Writes a number as a state or an attribute, with at most this many decimals.</summary>
    public static string Number(double value, int decimals) =>
        Math.Round(value, decimals, MidpointRounding.AwayFromZero).ToString(CultureInfo.InvariantCulture);

    public static string OnOff(bool on) => on ? "on" : "off";
}
