using System.Xml;

namespace AllInOne.Core.Values.Times;

/// <summary>Reads and writes ISO 8601 durations in weeks, days, hours, minutes and seconds: months and years have no fixed length.</summary>
public static class IsoDuration
{
    public static string Write(TimeSpan duration) => XmlConvert.ToString(duration);

    /// <summary>Reads a duration that is greater than zero.</summary>
    public static bool TryRead(string text, out TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(text);
        duration = default;
        if (text is ['P', .. var weeks, 'W'] && int.TryParse(weeks, System.Globalization.NumberStyles.None, null, out var count) && count is > 0 and < 10_000)
        {
            duration = TimeSpan.FromDays(7 * count);
            return true;
        }

        var date = text.Split('T')[0];
        if (date.Contains('Y', StringComparison.Ordinal) || date.Contains('M', StringComparison.Ordinal))
        {
            return false;
        }

        try
        {
            duration = XmlConvert.ToTimeSpan(text);
            return duration > TimeSpan.Zero;
        }
        catch (Exception wrong) when (wrong is FormatException or OverflowException)
        {
            return false;
        }
    }
}
