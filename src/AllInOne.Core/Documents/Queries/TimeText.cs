using System.Globalization;

namespace AllInOne.Core.Documents.Queries;

/// <summary>
/// A time from a text of RFC 3339, or from a date, which means midnight in UTC. The unit is the unit of the columns. Other systems write nanoseconds,
/// so a flag shows whether a part below a microsecond was cut off: such a time lies between two times that a document can have.
/// </summary>
/// <param name="Microseconds">Microseconds since 1970, rounded down.</param>
/// <param name="IsWhole">True if no part below a microsecond was lost.</param>
internal readonly record struct TimeText(long Microseconds, bool IsWhole)
{
    private const string Seconds = "yyyy-MM-dd'T'HH:mm:ss";

    public static bool TryParse(string text, out TimeText time)
    {
        time = default;
        if (text.Length == 10)
        {
            return TryWhole(text + "T00:00:00", "Z", "", out time);
        }

        if (text.Length <= 19)
        {
            return false;
        }

        var fraction = text[19] == '.' ? Digits(text.AsSpan(20)) : "";
        var zone = text[19] == '.' ? 20 + fraction.Length : 19;
        return (text[19] != '.' || fraction.Length > 0) && TryWhole(text[..19].ToUpperInvariant(), text[zone..].ToUpperInvariant(), fraction, out time);
    }

    private static bool TryWhole(string seconds, string zone, string fraction, out TimeText time)
    {
        time = default;
        if (!DateTime.TryParseExact(seconds, Seconds, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            || !TryOffset(zone, out var minutes))
        {
            return false;
        }

        var micros = long.Parse(fraction.PadRight(6, '0').AsSpan(0, 6), NumberStyles.None, CultureInfo.InvariantCulture);
        var whole = fraction.Length <= 6 || fraction.AsSpan(6).IndexOfAnyExcept('0') < 0;

        // Calculated with numbers, because with its offset the time may be outside of the range of DateTime.
        var start = Values.Times.Microseconds.From(new DateTimeOffset(local, TimeSpan.Zero));
        time = new TimeText(start + micros - (minutes * 60_000_000L), whole);
        return true;
    }

    private static bool TryOffset(string zone, out int minutes)
    {
        minutes = 0;
        if (zone == "Z")
        {
            return true;
        }

        if (zone.Length != 6 || zone[0] is not ('+' or '-')
            || !TimeOnly.TryParseExact(zone.AsSpan(1), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var offset))
        {
            return false;
        }

        minutes = ((offset.Hour * 60) + offset.Minute) * (zone[0] == '-' ? -1 : 1);
        return true;
    }

    private static string Digits(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        return (end < 0 ? text : text[..end]).ToString();
    }
}
