using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Tests.Jobs;

namespace AllInOne.Core.Tests.Cron;

/// <summary>Cron expressions in time zones, compared with another calculator, or with local times where the other calculator is wrong.</summary>
public sealed class CronTimesTests
{
    private static readonly DateTimeOffset From = JobsAtWork.At("2026-01-01T00:00:00Z");
    private static readonly DateTimeOffset To = From.AddYears(3);

    // Each with the information whether it runs again in an hour that comes twice.
    private static readonly (string Cron, bool Repeats)[] Expressions =
    [
        ("30 1 * * *", false), ("0 2 * * *", false), ("30 2 * * *", false), ("0 0 * * *", false), ("15,45 1,2,3 * 3,4,10,11 *", false), ("59 23 * * 0", false),
        ("@hourly", true), ("*/30 * * * *", true), ("30 0-4 * * *", true), ("7 */5 * * 1-5", true), ("*/20 2 * * *", true),
    ];

    [Fact]
    public void Round_the_changes_of_every_zone_in_three_years_times_are_those_of_another_calculator()
    {
        Assert.True(TimeZoneInfo.GetSystemTimeZones().Count > 400);
        Parallel.ForEach(TimeZoneInfo.GetSystemTimeZones(), zone =>
        {
            foreach (var change in CronReference.Changes(zone, From, To))
            {
                AssertSame(zone, Expressions, change.AddHours(-36), change.AddHours(36));
            }
        });
    }

    [Fact]
    [Trait("Category", "Long")]
    public void In_every_zone_all_times_of_three_years_are_those_of_another_calculator() =>
        Parallel.ForEach(TimeZoneInfo.GetSystemTimeZones(), zone => AssertSame(zone, [.. Expressions, ("* * 1,15,28-31 3,4,10,11 *", true)], From, To));

    [Theory]
    [InlineData("Europe/Dublin")]
    [InlineData("Eire")]
    [InlineData("Africa/Casablanca")]
    [InlineData("Africa/El_Aaiun")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("Antarctica/Troll")]
    [InlineData("Europe/London")]
    [InlineData("America/St_Johns")]
    public void Next_time_is_always_later_and_the_last_time_up_to_it_is_itself(string zone)
    {
        foreach (var (cron, _) in Expressions)
        {
            var schedule = JobSchedule.Cron.Parse(cron, zone).Schedule!;
            var time = From;
            while (schedule.After(time, From) is { } next && next < From.AddMonths(13))
            {
                Assert.True(next > time, $"{cron} in {zone}: {next:u} after {time:u}");
                Assert.Equal(next, schedule.UpTo(next, From));
                Assert.Equal(time > From ? time : null, schedule.UpTo(next.AddTicks(-1), From));
                // From any moment between two times, the next time is the same.
                Assert.Equal(next, schedule.After(time + ((next - time) / 2), From));
                time = next;
            }
        }
    }

    [Theory]
    // Negative daylight saving: the winter has the different offset.
    [InlineData("30 1 * * *", "Europe/Dublin", "2027-03-27T00:00:00Z", "2027-03-27T01:30:00Z", "2027-03-28T01:00:00Z", "2027-03-29T00:30:00Z")]
    [InlineData("30 1 * * *", "Europe/Dublin", "2027-10-30T00:00:00Z", "2027-10-30T00:30:00Z", "2027-10-31T00:30:00Z", "2027-11-01T01:30:00Z")]
    [InlineData("*/30 * * * *", "Europe/Dublin", "2027-10-31T00:00:00Z", "2027-10-31T00:30:00Z", "2027-10-31T01:00:00Z", "2027-10-31T01:30:00Z", "2027-10-31T02:00:00Z")]
    [InlineData("30 2 * * *", "Africa/Casablanca", "2027-03-13T00:00:00Z", "2027-03-13T02:30:00Z", "2027-03-14T02:00:00Z", "2027-03-15T01:30:00Z")]
    // Within the hour that comes twice: a time that has run does not run again.
    [InlineData("30 1 * * *", "Europe/London", "2027-10-31T01:29:20Z", "2027-11-01T01:30:00Z")]
    [InlineData("30 1 * * *", "Europe/London", "2027-10-31T00:29:20Z", "2027-10-31T00:30:00Z", "2027-11-01T01:30:00Z")]
    [InlineData("0,30 * * * *", "Europe/London", "2027-10-31T00:29:20Z", "2027-10-31T00:30:00Z", "2027-10-31T01:00:00Z", "2027-10-31T01:30:00Z")]
    // Changes of half an hour and of two hours, and a day that does not exist.
    [InlineData("15 2 * * *", "Australia/Lord_Howe", "2026-10-02T12:00:00Z", "2026-10-02T15:45:00Z", "2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z")]
    [InlineData("30 1,2 * * *", "Antarctica/Troll", "2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z", "2026-03-29T23:30:00Z")]
    [InlineData("0 12 * * *", "Pacific/Apia", "2011-12-29T00:00:00Z", "2011-12-29T22:00:00Z", "2011-12-30T10:00:00Z", "2011-12-30T22:00:00Z")]
    [InlineData("0 12 30 12 *", "Pacific/Apia", "2011-12-29T00:00:00Z", "2011-12-30T10:00:00Z", "2012-12-29T22:00:00Z")]
    [InlineData("0 0 * * *", "Pacific/Kiritimati", "1994-12-30T00:00:00Z", "1994-12-30T10:00:00Z", "1994-12-31T10:00:00Z", "1995-01-01T10:00:00Z")]
    // A step in the seconds makes an interval too.
    [InlineData("*/20 30 1 * * ?", "Europe/London", "2027-10-31T00:30:10Z", "2027-10-31T00:30:20Z", "2027-10-31T00:30:40Z", "2027-10-31T01:30:00Z")]
    [InlineData("0 30 1 * * ?", "Europe/London", "2027-10-31T00:30:10Z", "2027-11-01T01:30:00Z")]
    public void Times_at_a_change_of_the_clocks(string cron, string zone, string after, params string[] expected)
    {
        var schedule = JobSchedule.Cron.Parse(cron, zone).Schedule!;
        var times = new List<DateTimeOffset>();
        for (var time = JobsAtWork.At(after); times.Count < expected.Length; times.Add(time))
        {
            time = schedule.After(time, DateTimeOffset.UnixEpoch)!.Value;
        }

        Assert.Equal(expected.Select(JobsAtWork.At), times);
    }

    private static void AssertSame(TimeZoneInfo zone, (string Cron, bool Repeats)[] expressions, DateTimeOffset from, DateTimeOffset to)
    {
        foreach (var (cron, repeats) in expressions)
        {
            var schedule = JobSchedule.Cron.Parse(cron, zone.Id).Schedule!;
            var time = from;
            foreach (var expected in CronReference.Times(cron, repeats, zone, from, to))
            {
                var next = schedule.After(time, DateTimeOffset.UnixEpoch)!.Value;
                Assert.True(next == expected, $"{cron} in {zone.Id} after {time:u}: {next:u} instead of {expected:u}");
                time = next;
            }

            Assert.True(schedule.After(time, DateTimeOffset.UnixEpoch) > to, $"{cron} in {zone.Id} has more times after {time:u}");
        }
    }
}
