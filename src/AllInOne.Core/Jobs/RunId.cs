using System.Globalization;

namespace AllInOne.Core.Jobs;

/// <summary>The id of a run. Ids grow: an id is never less than the start time of its run, in microseconds since 1970.</summary>
public readonly record struct RunId(long Value)
{
    /// <summary>Reads decimal digits, as they stand in a path or in a cursor.</summary>
    public static bool TryParse(string? text, out RunId id)
    {
        var isId = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        id = new RunId(value);
        return isId;
    }

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
