using System.Text.RegularExpressions;
using Quartz;

namespace AllInOne.Core.Jobs.Definitions;

/// <summary>
/// When a job falls due: pure, so that a start can say what was missed and a client what comes. Times are whole microseconds, UTC. The anchor
/// is the moment from which the schedule has held; nothing before it is due.
/// </summary>
public abstract partial record JobSchedule
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
    /// seven are Quartz' (second first, the year may follow, day of week from 1 = Sunday). Where clocks go forward, a time of day that does not
    /// exist comes at the moment of the change; where they go back, one that exists twice comes once, and what repeats goes on repeating.
    /// </summary>
    public sealed partial record Cron : JobSchedule
    {
        private Cron(string text, string? timeZone, CronExpression expression) => (Text, TimeZone, Expression) = (text, timeZone, expression);

        /// <summary>As it was written.</summary>
        public string Text { get; }

        /// <summary>An IANA name such as Europe/Zagreb; null for UTC.</summary>
        public string? TimeZone { get; }

        internal CronExpression Expression { get; }

        /// <summary>The schedule, or why there is none: of the expression or of the time zone.</summary>
        public static (Cron? Schedule, string? WrongText, string? WrongZone) Parse(string text, string? timeZone)
        {
            ArgumentNullException.ThrowIfNull(text);
            var zone = TimeZoneInfo.Utc;
            if (timeZone is not null && !TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out zone!))
            {
                return (null, null, $"'{timeZone}' is no time zone, such as Europe/Zagreb");
            }

            var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (fields is [['@', ..]])
            {
                fields = ["*", "*", "*", "*", "*"];
            }

            if (fields.Length is < 5 or > 7)
            {
                return (null, $"has {fields.Length} fields: five are a crontab's, six or seven Quartz'", null);
            }

            // Quartz means 'every' by 99 and 'any' by 98, and takes them from outside: `99 * * * *` would run each minute.
            if (fields.Take(6).FirstOrDefault(field => TooLarge().IsMatch(field)) is { } wrongField)
            {
                return (null, $"has the field '{wrongField}', and no field but the year goes beyond 59", null);
            }

            try
            {
                var expression = CronExpression.Parse(text, fields.Length == 5 ? CronFormat.Unix : CronFormat.Quartz);
                return (new Cron(text, timeZone, expression.WithTimeZone(zone)), null, null);
            }
            catch (FormatException wrong)
            {
                return (null, text.StartsWith('@') ? $"is none of @hourly, @daily, @weekly, @monthly and @yearly: '{text}'" : wrong.Message, null);
            }
        }

        protected override DateTimeOffset? NextAfter(DateTimeOffset time, DateTimeOffset anchor) =>
            Expression.GetNextValidTimeAfter(time < anchor ? anchor : time)?.ToUniversalTime();

        protected override DateTimeOffset? LastUpTo(DateTimeOffset time, DateTimeOffset anchor) =>
            Expression.GetPreviousValidTimeBefore(time.AddTicks(1))?.ToUniversalTime() is { } last && last > anchor ? last : null;

        public bool Equals(Cron? other) => other is not null && other.Text == Text && other.TimeZone == TimeZone;

        public override int GetHashCode() => HashCode.Combine(Text, TimeZone);

        [GeneratedRegex("(?<![0-9])0*([6-9][0-9]|[1-9][0-9]{2,})(?![0-9])")]
        private static partial Regex TooLarge();
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
