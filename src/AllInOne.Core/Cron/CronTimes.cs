namespace AllInOne.Core.Cron;

/// <summary>
/// The UTC times of a cron expression in a time zone. When local time jumps forward, a skipped time of day runs at the moment of the change. When local
/// time jumps back, a repeated time of day runs again only for an interval expression (<see cref="CronExpression"/>, Repeats). The zone is only asked for
/// offsets at UTC times, never at local times.
/// </summary>
internal sealed class CronTimes(CronExpression expression, TimeZoneInfo zone)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    // Two changes of a zone are at least a day apart, and no change is larger than a day.
    private static readonly TimeSpan BeyondChanges = TimeSpan.FromDays(3);

    private static readonly DateTime End = new(CronExpression.LastYear + 1, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>The first UTC time that is later than the given one; null if there is none.</summary>
    public DateTime? After(DateTime utc)
    {
        var at = utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerSecond));
        var offset = OffsetAt(at);
        // All local times up to here have passed.
        var shown = at + offset;
        if (!expression.Repeats && ChangeIn(at - Day, at) is { } last && last + OffsetAt(last - Second) > shown)
        {
            shown = last + OffsetAt(last - Second) - Second;
        }

        while (at < End && expression.After(shown) is { } wall)
        {
            var (due, dayLater) = (DateTime.SpecifyKind(wall - offset, DateTimeKind.Utc), at + Day);
            if (ChangeIn(at, due < dayLater ? due : dayLater) is { } change)
            {
                var (before, after) = (change + offset, change + OffsetAt(change));
                if (wall <= after)
                {
                    return change;
                }

                (at, offset) = (change, after - change);
                if (expression.Repeats && after < before)
                {
                    // The first second after the change may also be a time of the expression.
                    shown = after - Second;
                }
            }
            else if (due <= dayLater)
            {
                return due;
            }
            else
            {
                // The due time is far away. Offset changes long before it do not matter, so skip them.
                at = Later(dayLater, due - BeyondChanges);
                offset = OffsetAt(at);
            }
        }

        return null;
    }

    private TimeSpan OffsetAt(DateTime utc) => zone.GetUtcOffset(utc);

    /// <summary>
    /// The first UTC time with another offset, after <paramref name="from"/> and up to <paramref name="to"/>, which are at most a day apart; null for
    /// none.
    /// </summary>
    private DateTime? ChangeIn(DateTime from, DateTime to)
    {
        var offset = OffsetAt(from);
        if (OffsetAt(to) == offset)
        {
            return null;
        }

        while (to - from > Second)
        {
            var middle = from.AddSeconds((long)(to - from).TotalSeconds / 2);
            (from, to) = OffsetAt(middle) == offset ? (middle, to) : (from, middle);
        }

        return to;
    }

    private static DateTime Later(DateTime one, DateTime other) => one > other ? one : other;
}
