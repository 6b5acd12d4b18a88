using System.Globalization;

namespace AllInOne.Core.Cron;

/// <summary>A field of a cron expression: its values, and how they are written.</summary>
/// <param name="Name">The name of the field in error messages.</param>
/// <param name="Last">The last value that is accepted.</param>
/// <param name="Cycle">The number of different values. In a crontab, day 7 of a week is day 0.</param>
/// <param name="Allowed">The accepted values, as a text for people.</param>
/// <param name="Names">The full names of the values from <paramref name="First"/> on. Their first three letters are accepted too.</param>
internal sealed record CronField(string Name, int First, int Last, int Cycle, string Allowed, IReadOnlyList<string> Names)
{
    private static readonly string[] Months =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

    private static readonly string[] Days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

    public static readonly CronField Second = new("second", 0, 59, 60, "0 to 59", []);
    public static readonly CronField Minute = Second with { Name = "minute" };
    public static readonly CronField Hour = new("hour", 0, 23, 24, "0 to 23", []);
    public static readonly CronField DayOfMonth = new("day of month", 1, 31, 31, "1 to 31", []);
    public static readonly CronField Month = new("month", 1, 12, 12, "1 to 12, or JAN to DEC", Months);
    public static readonly CronField DayOfWeek = new("day of week", 0, 7, 7, "0 to 7 (0 and 7 are Sunday), or SUN to SAT", Days);
    public static readonly CronField QuartzDayOfWeek = new("day of week", 1, 7, 7, "1 (Sunday) to 7 (Saturday), or SUN to SAT", Days);
    public static readonly CronField Year = new("year", 1970, 2199, 230, "1970 to 2199", []);

    private const int NameLength = 3;

    /// <summary>Reads one value. Returns it, or the error as the end of a sentence.</summary>
    /// <param name="isFullName">Whether the text is a full name, which Vixie's cron does not know.</param>
    public (int Value, string? Wrong) Read(string text, out bool isFullName)
    {
        isFullName = false;
        if (text.Length == 0)
        {
            return (0, "lacks a value");
        }

        if (text.All(char.IsAsciiDigit))
        {
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= First && value <= Last
                ? (value, null)
                : (0, "is out of range");
        }

        for (var n = 0; n < Names.Count; n++)
        {
            isFullName = text.Length > NameLength;
            if (text.Length >= NameLength && Names[n].AsSpan(0, isFullName ? Names[n].Length : NameLength).Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return (First + n, null);
            }
        }

        return (0, "is not a value");
    }

    /// <summary>The value within the cycle: day 7 of a week is day 0.</summary>
    public int Fold(long value) => First + (int)((value - First) % Cycle);
}
