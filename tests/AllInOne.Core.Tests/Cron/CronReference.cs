using Cronos;

namespace AllInOne.Core.Tests.Cron;

/// <summary>
/// The times of a cron expression by another calculator: Cronos. If the rules of a zone have negative daylight saving (Dublin, Casablanca, El Aaiun),
/// .NET knows neither the invalid nor the ambiguous times of the zone, so Cronos is wrong too. For these zones Cronos calculates local times, and
/// they are mapped here, one by one.
/// </summary>
internal static class CronReference
{
    private static readonly TimeSpan Margin = TimeSpan.FromDays(2);

    /// <summary>Returns the first moment of each new offset.</summary>
    public static List<DateTimeOffset> Changes(TimeZoneInfo zone, DateTimeOffset from, DateTimeOffset to)
    {
        var changes = new List<DateTimeOffset>();
        for (var time = from; time < to; time = time.AddHours(6))
        {
            if (zone.GetUtcOffset(time) != zone.GetUtcOffset(time.AddHours(6)))
            {
                var change = time;
                for (; zone.GetUtcOffset(change) == zone.GetUtcOffset(time); change = change.AddMinutes(1))
                {
                }

                changes.Add(change);
            }
        }

        return changes;
    }

    /// <param name="repeats">Whether the expression runs again in an hour that comes twice.</param>
    public static List<DateTimeOffset> Times(string cron, bool repeats, TimeZoneInfo zone, DateTimeOffset from, DateTimeOffset to)
    {
        var expression = CronExpression.Parse(cron);
        if (!zone.GetAdjustmentRules().Any(rule => rule.DateEnd > from && rule.DaylightDelta < TimeSpan.Zero))
        {
            return [.. expression.GetOccurrences(from.AddTicks(1), to, zone, toInclusive: true)];
        }

        var changes = Changes(zone, from - Margin, to + Margin);
        return [.. expression.GetOccurrences((from - Margin).UtcDateTime, (to + Margin).UtcDateTime)
            .SelectMany(wall => Moments(DateTime.SpecifyKind(wall, DateTimeKind.Unspecified), repeats, zone, changes))
            .Where(time => time > from && time <= to).Distinct().Order()];
    }

    private static IEnumerable<DateTimeOffset> Moments(DateTime wall, bool repeats, TimeZoneInfo zone, List<DateTimeOffset> changes)
    {
        var offsets = changes.SelectMany(change => (TimeSpan[])[zone.GetUtcOffset(change), zone.GetUtcOffset(change.AddTicks(-1))]).Append(zone.GetUtcOffset(new DateTimeOffset(wall, default)));
        var moments = offsets.Distinct().Select(offset => new DateTimeOffset(wall, offset)).Where(time => zone.GetUtcOffset(time) == time.Offset).Order().ToList();
        return moments.Count == 0 ? changes.Where(change => change.AddTicks(-1) + zone.GetUtcOffset(change.AddTicks(-1)) is var last && last.UtcDateTime < wall
            && (change + zone.GetUtcOffset(change)).UtcDateTime > wall)
            : repeats ? moments : moments[..1];
    }
}
