using AllInOne.Core.Cron;
using AllInOne.Core.Values;

namespace AllInOne.Core.Jobs.Definitions;

/// <summary>
/// The schedule of a job: a pure calculation of due times. It finds missed times at a start and next times for clients. Times are whole microseconds,
/// UTC. The anchor is the moment from which the schedule applies; no time before it is due.
/// </summary>
public abstract record JobSchedule
{
    // Internal, because tests have schedules that fail intentionally.
    internal JobSchedule()
    {
    }

    /// <summary>The first time that is later than <paramref name="time"/>; null if there is none.</summary>
    /// <exception cref="ScheduleException">The calculation fails, or its result is not later.</exception>
    public DateTimeOffset? After(DateTimeOffset time, DateTimeOffset anchor) =>
        Calculate(NextAfter, time, anchor) is not { } next ? null
        : next > time ? next
        : throw new ScheduleException($"the schedule gives {next:O} as the time after {time:O}");

    /// <summary>The last time that is not later than <paramref name="time"/>, but later than the anchor; null if there is none.</summary>
    /// <exception cref="ScheduleException">The calculation fails, or its result is later.</exception>
    public DateTimeOffset? UpTo(DateTimeOffset time, DateTimeOffset anchor) =>
        Calculate(LastUpTo, time, anchor) is not { } last ? null
        : last <= time ? last
        : throw new ScheduleException($"the schedule gives {last:O} as the last time up to {time:O}");

    /// <summary>The result for <see cref="After"/>, before it is checked.</summary>
    protected abstract DateTimeOffset? NextAfter(DateTimeOffset time, DateTimeOffset anchor);

    /// <summary>The result for <see cref="UpTo"/>, before it is checked.</summary>
    protected abstract DateTimeOffset? LastUpTo(DateTimeOffset time, DateTimeOffset anchor);

    // A boundary: any exception in the calculation concerns only this schedule.
    private static DateTimeOffset? Calculate(
        Func<DateTimeOffset, DateTimeOffset, DateTimeOffset?> calculation, DateTimeOffset time, DateTimeOffset anchor)
    {
        try
        {
            return calculation(time, anchor);
        }
        catch (Exception fault)
        {
            throw new ScheduleException($"the schedule has no answer for {time:O}: {fault.Message}", fault);
        }
    }

    /// <summary>
    /// A schedule by a cron expression. Five fields have the form of a crontab (minute, hour, day of month, month, day of week from 0 to 7, where 0
    /// and 7 are Sunday). Six or seven fields have the form of Quartz (second first, optional year at the end, day of week from 1 = Sunday).
    /// <see cref="CronTimes"/> handles times of day that a change of the clocks skips or repeats.
    /// </summary>
    public sealed record Cron : JobSchedule
    {
        private readonly CronTimes _times;

        private Cron(string text, string? timeZone, CronExpression expression, TimeZoneInfo zone)
        {
            (Text, TimeZone, Notes, Foreign) = (text, timeZone, expression.Notes, expression.Foreign);
            _times = new CronTimes(expression, zone);
        }

        /// <summary>The text of the expression.</summary>
        public string Text { get; }

        /// <summary>An IANA name such as Europe/Zagreb; null for UTC.</summary>
        public string? TimeZone { get; }

        /// <summary>Notes about parts that may mean something else than the author expects, each a sentence without its subject.</summary>
        public IReadOnlyList<string> Notes { get; }

        /// <summary>The first part of the text that is accepted here but not by Vixie's cron; null for none.</summary>
        internal string? Foreign { get; }

        /// <summary>Reads an expression and a time zone. Returns the schedule, or the reason why one of them is invalid.</summary>
        public static (Cron? Schedule, string? WrongText, string? WrongZone) Parse(string text, string? timeZone)
        {
            ArgumentNullException.ThrowIfNull(text);
            var zone = TimeZoneInfo.Utc;
            if (timeZone is not null && !TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out zone!))
            {
                return (null, null, $"'{Excerpt.Of(timeZone)}' is no time zone, such as Europe/Zagreb");
            }

            var (expression, wrong) = CronParser.Parse(text);
            return expression is null ? (null, wrong, null) : (new Cron(text, timeZone, expression, zone), null, null);
        }

        public bool Equals(Cron? other) => other is not null && other.Text == Text && other.TimeZone == TimeZone;

        public override int GetHashCode() => HashCode.Combine(Text, TimeZone);

        protected override DateTimeOffset? NextAfter(DateTimeOffset time, DateTimeOffset anchor) =>
            _times.After((time < anchor ? anchor : time).UtcDateTime) is { } next ? new DateTimeOffset(next) : null;

        // Calculated from the next times of earlier times, so that both directions agree. Times are whole seconds.
        protected override DateTimeOffset? LastUpTo(DateTimeOffset time, DateTimeOffset anchor)
        {
            DateTimeOffset? found = null;
            for (var (from, back) = (time, TimeSpan.FromSeconds(1)); from > anchor && !(found <= time); back *= 2)
            {
                from = time - anchor > back ? time - back : anchor;
                found = NextAfter(from, anchor);
            }

            if (found is not { } last || last > time)
            {
                return null;
            }

            // There is no time between `end` and `time`.
            for (var end = time; end - last >= TimeSpan.FromSeconds(1);)
            {
                var middle = last + ((end - last) / 2);
                if (NextAfter(middle, anchor) is { } next && next <= time)
                {
                    last = next;
                }
                else
                {
                    end = middle;
                }
            }

            return last;
        }
    }

    /// <summary>A schedule with a fixed interval, counted from the anchor.</summary>
    public sealed record Every(TimeSpan Interval) : JobSchedule
    {
        public static TimeSpan Shortest { get; } = TimeSpan.FromMilliseconds(100);

        public static TimeSpan Longest { get; } = TimeSpan.FromDays(36_500);

        protected override DateTimeOffset? NextAfter(DateTimeOffset time, DateTimeOffset anchor)
        {
            var count = time < anchor ? 1 : ((time - anchor).Ticks / Interval.Ticks) + 1;
            return count <= (DateTimeOffset.MaxValue - anchor).Ticks / Interval.Ticks ? anchor + (Interval * count) : null;
        }

        protected override DateTimeOffset? LastUpTo(DateTimeOffset time, DateTimeOffset anchor)
        {
            var count = time < anchor ? 0 : (time - anchor).Ticks / Interval.Ticks;
            return count > 0 ? anchor + (Interval * count) : null;
        }
    }

    /// <summary>A schedule with one time.</summary>
    public sealed record At(DateTimeOffset Time) : JobSchedule
    {
        protected override DateTimeOffset? NextAfter(DateTimeOffset time, DateTimeOffset anchor) => time < Time && Time > anchor ? Time : null;

        protected override DateTimeOffset? LastUpTo(DateTimeOffset time, DateTimeOffset anchor) => time >= Time && Time > anchor ? Time : null;
    }
}
