using System.Numerics;

namespace AllInOne.Core.Cron;

/// <summary>
/// The times of a cron expression as local times in whole seconds, stored as sets of values. It knows no time zone. <see cref="CronParser"/> reads
/// it; <see cref="CronTimes"/> converts its times to UTC.
/// </summary>
/// <param name="Seconds">A bit for each value, as in the other sets.</param>
/// <param name="Years">The years; null for all.</param>
/// <param name="Repeats">
/// Whether second, minute or hour has <c>*</c>, a range or a step. Then the expression is an interval, not a set of times of day.
/// </param>
/// <param name="Notes">Warnings for the author: the expression is accepted but may mean something unexpected.</param>
/// <param name="Foreign">The first part that Vixie's cron does not know; null if it knows all parts.</param>
internal sealed record CronExpression(
    ulong Seconds, ulong Minutes, ulong Hours, CronDays Days, ulong Months, IReadOnlySet<int>? Years, bool Repeats, IReadOnlyList<string> Notes, string? Foreign)
{
    /// <summary>An expression without years has no time after this year.</summary>
    public const int LastYear = 9000;

    // The calendar, with its days of the week, repeats after this number of years.
    private const int CalendarCycle = 400;

    /// <summary>Whether the expression has any time, in any year.</summary>
    public bool Exists => (Years ?? Enumerable.Range(2000, CalendarCycle)).Any(
        year => Enumerable.Range(1, 12).Any(month => Has(Months, month) && Days.In(year, month) != 0));

    /// <summary>The first time that is later than the given one; null if there is none.</summary>
    public DateTime? After(DateTime wall)
    {
        var from = wall.AddTicks(TimeSpan.TicksPerSecond - (wall.Ticks % TimeSpan.TicksPerSecond));
        var time = TimeFrom(from.Hour, from.Minute, from.Second);
        // On later days the search starts at the first time of day.
        return time is { } today && HasDay(from) ? from.Date + today
            : DayFrom(from.Date.AddDays(1)) is { } day ? day + TimeFrom(0, 0, 0)!.Value
            : null;
    }

    private bool HasDay(DateTime date) =>
        Has(Months, date.Month) && Years?.Contains(date.Year) != false && Has(Days.In(date.Year, date.Month), date.Day);

    private DateTime? DayFrom(DateTime date)
    {
        var last = Years?.Max() ?? LastYear;
        for (var (year, month, day) = (date.Year, date.Month, date.Day); year <= last; day = 1)
        {
            if (Has(Months, month) && Years?.Contains(year) != false && Next(Days.In(year, month), day) is var found and >= 0)
            {
                return new DateTime(year, month, found);
            }

            (year, month) = month == 12 ? (year + 1, 1) : (year, month + 1);
        }

        return null;
    }

    private TimeSpan? TimeFrom(int hour, int minute, int second)
    {
        if (Has(Hours, hour))
        {
            if (Has(Minutes, minute) && Next(Seconds, second) is var same and >= 0)
            {
                return new TimeSpan(hour, minute, same);
            }

            if (Next(Minutes, minute + 1) is var later and >= 0)
            {
                return new TimeSpan(hour, later, Next(Seconds, 0));
            }
        }

        return Next(Hours, hour + 1) is var next and >= 0 ? new TimeSpan(next, Next(Minutes, 0), Next(Seconds, 0)) : null;
    }

    private static bool Has(ulong values, int value) => (values >> value & 1) != 0;

    /// <summary>The first value of the set that is not less than <paramref name="from"/>; -1 if there is none.</summary>
    private static int Next(ulong values, int from) => values >> from is var left and not 0 ? from + BitOperations.TrailingZeroCount(left) : -1;
}
