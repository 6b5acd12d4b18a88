using System.Xml;

namespace AllInOne.Core.Jobs.Definitions;

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

        return Documents.CollectionDefinitionJson.TryParseDuration(text, out duration);
    }
}
