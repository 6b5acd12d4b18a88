using AllInOne.Core.Cron;
using AllInOne.Core.Values;

namespace AllInOne.Core.Jobs.Definitions;

/// <summary>
/// When a job falls due: pure, so that a start can say what was missed and a client what comes. Times are whole microseconds, UTC. The anchor
/// is the moment from which the schedule has held; nothing before it is due.
/// </summary>
public abstract record JobSchedule
{
    // Internal: tests have schedules that are wrong on purpose.
    internal JobSchedule()
    {
    }

    /// <summary>The first time that is later than <paramref name="time"/>; null when there is none.</summary>
    /// <exception cref="ScheduleException">The calculation fails, or its result is not later.</exception>
    public DateTimeOffset? After(DateTimeOffset time, DateTimeOffset anchor) =>
        Calculate(NextAfter, time, anchor) is not { } next ? null
        : next > time ? next
        : throw new ScheduleException($"the schedule gives {next:O} as the time after {time:O}");

    /// <summary>The last time that is not later than <paramref name="time"/>, but later than the anchor; null when there is none.</summary>
    /// <exception cref="ScheduleException">The calculation fails, or its result is later.</exception>
    public DateTimeOffset? UpTo(DateTimeOffset time, DateTimeOffset anchor) =>
        Calculate(LastUpTo, time, anchor) is not { } last ? null
        : last <= time ? last
        : throw new ScheduleException($"the schedule gives {last:O} as the last time up to {time:O}");

    /// <summary>What <see cref="After"/> returns, unchecked.</summary>
    protected abstract DateTimeOffset? NextAfter(DateTimeOffset time, DateTimeOffset anchor);

    /// <summary>What <see cref="UpTo"/> returns, unchecked.</summary>
    protected abstract DateTimeOffset? LastUpTo(DateTimeOffset time, DateTimeOffset anchor);

    // A boundary: whatever fails in the calculation concerns this schedule alone.
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
    /// A cron expression: five fields are a crontab's (minute, hour, day of month, month, day of week from 0 to 7, Sunday being both), six or
    /// seven are Quartz' (second first, the year may follow, day of week from 1 = Sunday). <see cref="CronTimes"/> says what becomes of times of day that
    /// a change of the clocks leaves out or shows twice.
    /// </summary>
    public sealed record Cron : JobSchedule
    {
        private readonly CronTimes _times;

        private Cron(string text, string? timeZone, CronExpression expression, TimeZoneInfo zone)
        {
            (Text, TimeZone, Notes, Foreign) = (text, timeZone, expression.Notes, expression.Foreign);
            _times = new CronTimes(expression, zone);
        }

        /// <summary>As it was written.</summary>
        public string Text { get; }

        /// <summary>An IANA name such as Europe/Zagreb; null for UTC.</summary>
        public string? TimeZone { get; }

        /// <summary>What may mean something else than its author thinks, each a sentence without its subject.</summary>
        public IReadOnlyList<string> Notes { get; }

        /// <summary>The first part of the text that Vixie's cron does not know, although it is taken here; null for none.</summary>
        internal string? Foreign { get; }

        /// <summary>The schedule, or why there is none: of the expression or of the time zone.</summary>
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

        // By the times that come after earlier ones, so that both directions agree. Times are whole seconds.
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

            // None is between `end` and `time`.
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

    /// <summary>Again and again after the same time, counted from the anchor.</summary>
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

    /// <summary>Once.</summary>
    public sealed record At(DateTimeOffset Time) : JobSchedule
    {
        protected override DateTimeOffset? NextAfter(DateTimeOffset time, DateTimeOffset anchor) => time < Time && Time > anchor ? Time : null;

        protected override DateTimeOffset? LastUpTo(DateTimeOffset time, DateTimeOffset anchor) => time >= Time && Time > anchor ? Time : null;
    }
}
