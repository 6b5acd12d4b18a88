namespace AllInOne.Core.Jobs.Cron;

/// <summary>
/// The moments of a cron expression in a time zone. The clock on the wall shows each period of constant offset from its begin to its end. Where it is set
/// forward, the times of day that it leaves out come at the moment of the change. Where it is set back, times that it has shown already come again only for
/// an expression that repeats. Only offsets of moments are asked of the zone, never those of times of day.
/// </summary>
internal sealed class CronTimes(CronExpression expression, TimeZoneInfo zone)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    // No two changes of a zone are nearer to each other than a day, and none is by more than a day.
    private static readonly TimeSpan BeyondChanges = TimeSpan.FromDays(3);

    private static readonly DateTime End = new(CronExpression.LastYear + 1, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>The first moment later than the one given; null when there is none.</summary>
    public DateTime? After(DateTime utc)
    {
        var at = utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerSecond));
        var offset = OffsetAt(at);
        // The clock on the wall has shown everything up to here.
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
                    // The first second after the change may be one of the expression, too.
                    shown = after - Second;
                }
            }
            else if (due <= dayLater)
            {
                return due;
            }
            else
            {
                // Far away: what happens until shortly before it cannot matter.
                at = Later(dayLater, due - BeyondChanges);
                offset = OffsetAt(at);
            }
        }

        return null;
    }

    private TimeSpan OffsetAt(DateTime utc) => zone.GetUtcOffset(utc);

    /// <summary>The first moment of another offset, later than the first and not later than the second, which are at most a day apart; null for none.</summary>
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
