using AllInOne.Core.Jobs;
using AllInOne.Core.Jobs.Definitions;
using static AllInOne.Core.Tests.Jobs.JobsAtWork;

namespace AllInOne.Core.Tests.Jobs.Definitions;

public sealed class JobScheduleTests
{
    private static readonly DateTimeOffset Anchor = At("2026-01-01T00:00:00Z");

    // The times that a person expects who reads a local clock.
    [Theory]
    // Europe/Zagreb, 29 March 2026: 02:00 becomes 03:00. A job at 02:30 runs at the moment of the change.
    [InlineData("30 2 * * *", "Europe/Zagreb", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z")]
    [InlineData("*/30 * * * *", "Europe/Zagreb", "2026-03-29T00:10:00Z", "2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z")]
    // 25 October 2026: 03:00 becomes 02:00. A job at 02:30 runs once; a job with an interval continues in the second hour.
    [InlineData("30 2 * * *", "Europe/Zagreb", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")]
    [InlineData("*/30 * * * *", "Europe/Zagreb", "2026-10-24T23:40:00Z", "2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z")]
    [InlineData("0 3 * * *", "Europe/Zagreb", "2026-10-24T12:00:00Z", "2026-10-25T02:00:00Z", "2026-10-26T02:00:00Z")]
    // America/New_York, 8 March 2026 and 1 November 2026, both at 02:00.
    [InlineData("30 2 * * *", "America/New_York", "2026-03-07T12:00:00Z", "2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z")]
    [InlineData("0 3 * * *", "America/New_York", "2026-03-07T12:00:00Z", "2026-03-08T07:00:00Z", "2026-03-09T07:00:00Z")]
    [InlineData("30 1 * * *", "America/New_York", "2026-10-31T12:00:00Z", "2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z")]
    [InlineData("30 * * * *", "America/New_York", "2026-11-01T04:00:00Z", "2026-11-01T04:30:00Z", "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z", "2026-11-01T07:30:00Z")]
    [InlineData("0 30 1 * * ?", "America/New_York", "2026-10-31T12:00:00Z", "2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z")]
    // Without a zone, times are in UTC. With five fields, Sunday is 0 or 7; with six fields, Sunday is 1.
    [InlineData("0 0 * * 7", null, "2026-03-01T12:00:00Z", "2026-03-08T00:00:00Z")]
    [InlineData("0 0 0 ? * 1", null, "2026-03-01T12:00:00Z", "2026-03-08T00:00:00Z")]
    // If both day fields are given, one of them is enough, as in a crontab.
    [InlineData("0 0 13 * 5", null, "2026-03-01T12:00:00Z", "2026-03-06T00:00:00Z", "2026-03-13T00:00:00Z", "2026-03-20T00:00:00Z")]
    [InlineData("@daily", "Europe/Zagreb", "2026-03-01T12:00:00Z", "2026-03-01T23:00:00Z")]
    public void Times_are_local_times_of_the_zone(string cron, string? zone, string after, params string[] expected)
    {
        var schedule = JobSchedule.Cron.Parse(cron, zone).Schedule!;
        var times = new List<DateTimeOffset>();
        for (var time = At(after); times.Count < expected.Length; times.Add(time))
        {
            time = schedule.After(time, Anchor)!.Value;
        }

        Assert.Equal(expected.Select(At), times);
    }

    // Quartz itself would read 98 and 99 as its own "any" and "every".
    [Theory]
    [InlineData("99 * * * *")]
    [InlineData("98 * * * *")]
    [InlineData("* 99 * * *")]
    [InlineData("* * 99 * *")]
    [InlineData("* * * 98 *")]
    [InlineData("* * * * 99")]
    [InlineData("1,099 * * * *")]
    [InlineData("0 0 99 * * ?")]
    [InlineData("60 * * * *")]
    [InlineData("* 24 * * *")]
    public void A_field_beyond_its_range_is_refused(string cron) => Assert.NotNull(JobSchedule.Cron.Parse(cron, null).WrongText);

    [Theory]
    [InlineData("0 0 12 1 1 ? 2099")]
    [InlineData("59 23 31 12 7")]
    public void The_last_value_of_each_range_is_accepted(string cron) => Assert.Null(JobSchedule.Cron.Parse(cron, null).WrongText);

    [Theory]
    [InlineData("*/20 * * * *", "Europe/Zagreb")]
    [InlineData("30 2 * * *", "Europe/Zagreb")]
    [InlineData("15,45 1-3 * * *", "America/New_York")]
    [InlineData("0 0 0 L * ?", null)]
    [InlineData("7 */5 * * 1-5", "Australia/Lord_Howe")]
    public void The_times_are_the_same_backwards_as_forwards(string cron, string? zone)
    {
        var schedule = JobSchedule.Cron.Parse(cron, zone).Schedule!;
        foreach (var from in (string[])["2026-03-07T00:00:00Z", "2026-03-28T00:00:00Z", "2026-10-24T00:00:00Z", "2026-10-31T00:00:00Z"])
        {
            var forwards = Forwards(schedule, At(from), At(from).AddDays(3));
            var backwards = new List<DateTimeOffset>();
            for (var time = schedule.UpTo(At(from).AddDays(3), Anchor); time > At(from); time = schedule.UpTo(time.Value.AddTicks(-1), Anchor))
            {
                backwards.Add(time.Value);
            }

            backwards.Reverse();
            Assert.Equal(forwards, backwards);
        }
    }

    [Fact]
    public void Every_counts_from_its_anchor_and_at_comes_once()
    {
        var every = new JobSchedule.Every(TimeSpan.FromMinutes(7));
        Assert.Equal(Anchor.AddMinutes(7), every.After(Anchor.AddDays(-1), Anchor));
        Assert.Equal(Anchor.AddMinutes(14), every.After(Anchor.AddMinutes(7), Anchor));
        Assert.Equal(Anchor.AddMinutes(7), every.UpTo(Anchor.AddMinutes(13), Anchor));
        Assert.Null(every.UpTo(Anchor.AddMinutes(6), Anchor));

        // There is no time after the maximum of DateTimeOffset.
        var rare = new JobSchedule.Every(JobSchedule.Every.Longest);
        Assert.Equal(79, new Job(Id("rare"), 1, JobDefinition.Of(new JobAction.None(), rare), Anchor, Anchor, Anchor, false, false).Next(Anchor, 1000).Count);

        var at = new JobSchedule.At(Anchor.AddHours(1));
        Assert.Equal(Anchor.AddHours(1), at.After(Anchor, Anchor));
        Assert.Null(at.After(Anchor.AddHours(1), Anchor));
        Assert.Null(at.UpTo(Anchor.AddMinutes(59), Anchor));
        Assert.Equal(Anchor.AddHours(1), at.UpTo(Anchor.AddHours(2), Anchor));
        // A time that had already passed when the schedule was set never comes.
        Assert.Null(at.UpTo(Anchor.AddHours(3), Anchor.AddHours(2)));
    }

    [Theory]
    [InlineData("* * * *", null)]
    [InlineData("61 * * * *", null)]
    [InlineData("x * * * *", null)]
    [InlineData("0 0 0 0 0 0 0 0", null)]
    [InlineData("", null)]
    [InlineData("@reboot", null)]
    [InlineData("H H * * *", null)]
    [InlineData("0 0 * * *", "Europe/Zagreeb")]
    public void A_text_that_is_no_schedule_is_refused_with_a_reason(string cron, string? zone)
    {
        var (schedule, wrongText, wrongZone) = JobSchedule.Cron.Parse(cron, zone);
        Assert.Null(schedule);
        Assert.NotEmpty((wrongText ?? wrongZone)!);
    }

    [Fact]
    public void Anything_that_is_read_as_cron_has_times_or_none_and_never_throws()
    {
        var random = new Random(7);
        const string Letters = "0123456789*/,-?LW#@ abcSUNJAN\t";
        for (var n = 0; n < 20_000; n++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 24)).Select(_ => Letters[random.Next(Letters.Length)]));
            if (JobSchedule.Cron.Parse(text, "Europe/Zagreb").Schedule is { } schedule)
            {
                _ = schedule.After(Anchor, Anchor);
                _ = schedule.UpTo(Anchor.AddDays(1), Anchor);
            }
        }
    }

    private static List<DateTimeOffset> Forwards(JobSchedule schedule, DateTimeOffset from, DateTimeOffset to)
    {
        var times = new List<DateTimeOffset>();
        for (var time = schedule.After(from, Anchor); time <= to; time = schedule.After(time.Value, Anchor))
        {
            times.Add(time.Value);
        }

        return times;
    }
}
