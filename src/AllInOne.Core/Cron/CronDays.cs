namespace AllInOne.Core.Cron;

/// <summary>A day that is counted within its month: <c>L-3</c>, <c>15W</c>, <c>LW</c>.</summary>
/// <param name="Day">Counted from the first day of the month, which is 1, or backwards from the last day, which is 0.</param>
/// <param name="FromEnd">Whether <paramref name="Day"/> is counted backwards.</param>
/// <param name="ToWeekday">Whether it means the nearest weekday (Monday to Friday) of the same month.</param>
internal readonly record struct MonthDay(int Day, bool FromEnd, bool ToWeekday);

/// <summary>A day of the week with its number in the month: <c>FRI#2</c>, <c>FRIL</c>.</summary>
/// <param name="Nth">The number, from 1; 0 for the last one.</param>
internal readonly record struct NamedDay(DayOfWeek Day, int Nth);

/// <summary>The two day fields of a cron expression.</summary>
/// <param name="OfMonth">A bit for each day, 1 to 31.</param>
/// <param name="OfWeek">A bit for each day, 0 (Sunday) to 6.</param>
/// <param name="IsBoth">True: a day must match both fields. False: one of them is enough.</param>
internal sealed record CronDays(
    ulong OfMonth, IReadOnlyList<MonthDay> MonthDays, ulong OfWeek, IReadOnlyList<NamedDay> NamedDays, bool IsBoth)
{
    private const int WeekLength = 7;

    /// <summary>The matching days of this month: a bit for each day, 1 to 31.</summary>
    public ulong In(int year, int month)
    {
        var (first, length) = (new DateTime(year, month, 1).DayOfWeek, DateTime.DaysInMonth(year, month));
        var (ofMonth, ofWeek) = (OfMonth, 0UL);
        foreach (var day in MonthDays)
        {
            ofMonth |= Bit(DayOf(day, first, length));
        }

        for (var day = 1; day <= length; day++)
        {
            ofWeek |= (OfWeek >> (int)NameOf(day, first) & 1) << day;
        }

        foreach (var (name, nth) in NamedDays)
        {
            var day = 1 + (((int)name - (int)first + WeekLength) % WeekLength);
            ofWeek |= Bit(nth > 0 ? day + (WeekLength * (nth - 1)) : day + ((length - day) / WeekLength * WeekLength));
        }

        return (IsBoth ? ofMonth & ofWeek : ofMonth | ofWeek) & ((2UL << length) - 2);
    }

    /// <summary>The day of the month, or 0 if the month has no such day.</summary>
    private static int DayOf(MonthDay wanted, DayOfWeek first, int length)
    {
        var day = wanted.FromEnd ? length - wanted.Day : Math.Min(wanted.Day, length);
        return day < 1 || !wanted.ToWeekday ? Math.Max(day, 0) : NameOf(day, first) switch
        {
            DayOfWeek.Saturday => day > 1 ? day - 1 : day + 2,
            DayOfWeek.Sunday => day < length ? day + 1 : day - 2,
            _ => day,
        };
    }

    private static DayOfWeek NameOf(int day, DayOfWeek first) => (DayOfWeek)(((int)first + day - 1) % WeekLength);

    private static ulong Bit(int day) => 1UL << day;
}
