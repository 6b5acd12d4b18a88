using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Tests.Jobs;

namespace AllInOne.Core.Tests.Cron;

/// <summary>The meaning of the fields of a cron expression, and the refused expressions.</summary>
public sealed class CronExpressionTests
{
    private static readonly DateTimeOffset Start = JobsAtWork.At("2026-11-29T00:00:00Z");

    [Theory]
    // Names in lists, ranges and steps, alone and mixed with numbers.
    [InlineData("0 0 1 jan-dec/3 *", "0 0 1 1,4,7,10 *")]
    [InlineData("0 0 1 jan/3 *", "0 0 1 1,4,7,10 *")]
    [InlineData("0 0 1 1/3 *", "0 0 1 1,4,7,10 *")]
    [InlineData("0 12 * feb-DEC/2 *", "0 12 * 2,4,6,8,10,12 *")]
    [InlineData("0 0 1 jan-6 *", "0 0 1 1,2,3,4,5,6 *")]
    [InlineData("0 0 * 1-may *", "0 0 * 1,2,3,4,5 *")]
    [InlineData("0 0 1 JAN,mar-may/2,12 *", "0 0 1 1,3,5,12 *")]
    [InlineData("0 0 1 January,March *", "0 0 1 1,3 *")]
    [InlineData("0 0 * * sun-3/2", "0 0 * * 0,2")]
    [InlineData("0 0 * * mon-5", "0 0 * * 1,2,3,4,5")]
    [InlineData("0 0 * * Monday,WED", "0 0 * * 1,3")]
    [InlineData("0 0 0 1 JAN-DEC/3 ?", "0 0 1 1,4,7,10 *")]
    [InlineData("0 0 0 1 JAN/3 ?", "0 0 1 1,4,7,10 *")]
    [InlineData("0 0 0 ? * MON-6/2", "0 0 * * 1,3,5")]
    // Sunday is 0 and 7, also in ranges and with steps.
    [InlineData("0 0 * * 5-7", "0 0 * * 0,5,6")]
    [InlineData("0 0 * * 0-7/2", "0 0 * * 0,2,4,6")]
    [InlineData("0 0 * * 1-7/2", "0 0 * * 0,1,3,5")]
    [InlineData("0 0 * * */7", "0 0 * * 0")]
    [InlineData("0 0 * * 1/2", "0 0 * * 1,3,5")]
    [InlineData("0 0 * * 7/2", "0 0 * * 0")]
    // Ranges that pass the end and continue at the beginning.
    [InlineData("0 22-2/2 * * *", "0 0,2,22 * * *")]
    [InlineData("0 0 * * fri-mon", "0 0 * * 0,1,5,6")]
    [InlineData("0 0 * * sat-sun", "0 0 * * 0,6")]
    [InlineData("0 0 1 nov-feb *", "0 0 1 1,2,11,12 *")]
    // A step longer than its range selects only the first value.
    [InlineData("*/60 * * * *", "0 * * * *")]
    [InlineData("*/99999999999 * * * *", "0 * * * *")]
    [InlineData("0 */24 * * *", "0 0 * * *")]
    [InlineData("10-20/30 * * * *", "10 * * * *")]
    [InlineData("0 0 */32 * *", "0 0 1 * *")]
    // If both day fields are given, one of them is enough, unless a field begins with a star.
    [InlineData("0 0 1,15 * 0-6", "0 0 * * *")]
    [InlineData("0 0 1,15 * 0-7", "0 0 * * *")]
    [InlineData("0 0 1,15 * 1-7", "0 0 * * *")]
    [InlineData("0 0 1,15 * sun-sat", "0 0 * * *")]
    [InlineData("0 0 1-31 * 1", "0 0 * * *")]
    [InlineData("0 0 1,* * 1", "0 0 * * *")]
    [InlineData("0 0 */1 * 5", "0 0 * * 5")]
    [InlineData("0 0 *,1 * 5", "0 0 * * 5")]
    [InlineData("0 0 1,15 * */1", "0 0 1,15 * *")]
    [InlineData("0 9 1-7 * */7", "0 9 ? * 0#1")]
    [InlineData("0 0 0 1,15 * 1-7", "0 0 * * *")]
    // Other forms that cron accepts.
    [InlineData("  01\t00 * *   * ", "1 0 * * *")]
    [InlineData("@hourly", "0 * * * *")]
    [InlineData("@midnight", "0 0 * * *")]
    [InlineData("@weekly", "0 0 * * 0")]
    [InlineData("@monthly", "0 0 1 * *")]
    [InlineData("@annually", "0 0 1 1 *")]
    public void Two_expressions_mean_the_same(string one, string other) => Assert.Equal(Times(other, 400), Times(one, 400));

    [Fact]
    public void Odd_days_that_are_Mondays()
    {
        var times = Times("0 9 */2 * 1", 60);
        Assert.All(times, time => Assert.Equal((DayOfWeek.Monday, 1, 9), (time.DayOfWeek, time.Day % 2, time.Hour)));
        Assert.Equal(JobsAtWork.At("2026-12-07T09:00:00Z"), times[0]);
    }

    /// <summary>Compared with Quartz' own calculator where it is right: without zones and without steps of names.</summary>
    [Theory]
    [InlineData("0 0 0 L * ?")]
    [InlineData("0 0 0 L-3 * ?")]
    [InlineData("0 0 0 L-30 * ?")]
    [InlineData("0 0 0 LW * ?")]
    [InlineData("0 0 0 L-3W * ?")]
    [InlineData("0 0 0 1W,15W * ?")]
    [InlineData("0 0 0 31W * ?")]
    [InlineData("0 0 0 L,15 * ?")]
    [InlineData("0 0 0 ? * L")]
    [InlineData("0 0 0 ? * 6L")]
    [InlineData("0 0 0 ? * FRIL")]
    [InlineData("0 0 0 ? * 6#3")]
    [InlineData("0 0 0 ? * FRI#5")]
    [InlineData("0 0 0 13 * 6")]
    [InlineData("0 0 0 */7 * FRI")]
    [InlineData("0 0 0 L * FRI")]
    [InlineData("0 0 0 ? * 1/2")]
    [InlineData("0 0 0 ? NOV-FEB FRI-MON")]
    [InlineData("0 5/15 0 * * ?")]
    [InlineData("0 /15 0 * * ?")]
    [InlineData("10-50/20 0 22-2 * * ?")]
    [InlineData("0 0 0 29 2 ? 2027-2060")]
    [InlineData("0 0 0 1 1 ? 2027/2")]
    [InlineData("0 0 12 1 1 ? 2099")]
    [InlineData("0 0 12 ? * MON *")]
    public void The_form_of_Quartz_means_what_Quartz_means(string cron)
    {
        var quartz = Quartz.CronExpression.Parse(cron).WithTimeZone(TimeZoneInfo.Utc);
        var expected = new List<DateTimeOffset>();
        for (var time = quartz.GetNextValidTimeAfter(Start); time < Start.AddYears(40) && expected.Count < 500; time = quartz.GetNextValidTimeAfter(time.Value))
        {
            expected.Add(time.Value);
        }

        Assert.NotEmpty(Times(cron, 1));
        Assert.Equal(expected, Times(cron, expected.Count));
    }

    // The reason has the part as its author wrote it, the field, and the allowed values.
    [Theory]
    [InlineData("61 * * * *", "'61'", "minute", "0 to 59")]
    [InlineData("* 24 * * *", "'24'", "hour", "0 to 23")]
    [InlineData("* * 0 * *", "'0'", "day of month", "1 to 31")]
    [InlineData("* * * 13 *", "'13'", "month", "1 to 12, or JAN to DEC")]
    [InlineData("* * * 1-foo *", "'foo'", "month", "1 to 12, or JAN to DEC")]
    [InlineData("* * * * 0-8", "'8'", "day of week", "0 to 7")]
    [InlineData("* * * * xyz", "'xyz'", "day of week", "SUN to SAT")]
    [InlineData("0 0 0 ? * 0", "'0'", "day of week", "1 (Sunday) to 7")]
    [InlineData("60 0 0 * * ?", "'60'", "second", "0 to 59")]
    [InlineData("0 0 0 1 1 ? 3000", "'3000'", "year", "1970 to 2199")]
    [InlineData("0 0 0 1 1 ? 2030-2027", "'2030-2027'", "year", "1970 to 2199")]
    [InlineData("*/0 * * * *", "'*/0'", "minute", "from 1")]
    [InlineData("*/x * * * *", "'x'", "minute", "from 1")]
    [InlineData("*/ * * * *", "'*/'", "minute", "from 1")]
    [InlineData("*/-5 * * * *", "'-5'", "minute", "from 1")]
    [InlineData("*/5/2 * * * *", "'5/2'", "minute", "from 1")]
    [InlineData("-5 * * * *", "'-5'", "minute", "0 to 59")]
    [InlineData("1-3-5 * * * *", "'3-5'", "minute", "0 to 59")]
    [InlineData("5- * * * *", "'5-'", "minute", "0 to 59")]
    [InlineData("1,,2 * * * *", "'1,,2'", "minute", "0 to 59")]
    [InlineData("99999999999999999999 * * * *", "'99999999999999999999'", "minute", "0 to 59")]
    [InlineData("1.5 * * * *", "'1.5'", "minute", "0 to 59")]
    [InlineData("H H * * *", "'H'", "minute", "0 to 59")]
    [InlineData("? * * * *", "'?'", "minute", "0 to 59")]
    [InlineData("0 0 1,? * *", "'?'", "day of month", "1 to 31")]
    [InlineData("0 0 W * *", "'W'", "day of month", "1 to 31")]
    [InlineData("0 0 32W * *", "'32'", "day of month", "1 to 31")]
    [InlineData("0 0 L-31 * *", "'L-31'", "day of month", "1 to 31")]
    [InlineData("0 0 * * 5#6", "'5#6'", "day of week", "0 to 7")]
    [InlineData("0 0 * * #2", "'#2'", "day of week", "0 to 7")]
    [InlineData("* * * *", "4 fields", "five", "seven")]
    [InlineData("0 0 0 0 0 0 0 0", "8 fields", "five", "seven")]
    [InlineData("", "0 fields", "five", "seven")]
    [InlineData("@every 5m", "'@every 5m'", "@hourly", "@yearly")]
    [InlineData("@daily x", "'@daily x'", "@hourly", "@yearly")]
    public void A_reason_names_the_part_the_field_and_what_is_allowed(string cron, string part, string field, string allowed)
    {
        var (schedule, wrong, _) = JobSchedule.Cron.Parse(cron, null);
        Assert.Null(schedule);
        Assert.Contains(part, wrong, StringComparison.Ordinal);
        Assert.Contains(field, wrong, StringComparison.Ordinal);
        Assert.Contains(allowed, wrong, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0 0 30 2 *")]
    [InlineData("0 0 31 4,6 *")]
    [InlineData("0 0 0 30 FEB ?")]
    [InlineData("0 0 0 29 2 ? 2027")]
    [InlineData("0 0 0 ? 2 6#5 2027")]
    [InlineData("0 0 30 2 */2")]
    [InlineData("0 0 0 L-30 2,4 ?")]
    public void A_day_that_does_not_exist_is_refused(string cron) =>
        Assert.Contains("never comes due", JobSchedule.Cron.Parse(cron, null).WrongText, StringComparison.Ordinal);

    [Theory]
    [InlineData("0 0 29 2 *")]
    [InlineData("0 0 30 2 1")]
    [InlineData("0 0 0 ? 2 6#5")]
    [InlineData("0 0 29 2 */7")]
    public void A_rare_day_is_not_refused(string cron) => Assert.NotEmpty(Times(cron, 1));

    [Theory]
    [InlineData("*/60 * * * *", "'*/60'")]
    [InlineData("0 */24 * * *", "'*/24'")]
    [InlineData("0 0 1 */12 *", "'*/12'")]
    [InlineData("*/59 */23 * */11 *", null)]
    [InlineData("0 0 * * */7", null)]
    public void A_step_that_is_longer_than_its_range_is_noted(string cron, string? part)
    {
        var notes = JobSchedule.Cron.Parse(cron, null).Schedule!.Notes;
        Assert.Equal(part is null ? 0 : 1, notes.Count);
        Assert.All(notes, note => Assert.Contains(part!, note, StringComparison.Ordinal));
    }

    private static List<DateTimeOffset> Times(string cron, int count)
    {
        var (schedule, wrong, _) = JobSchedule.Cron.Parse(cron, null);
        Assert.True(schedule is not null, $"{cron} {wrong}");
        var times = new List<DateTimeOffset>();
        while (times.Count < count && schedule.After(times is [.., var last] ? last : Start, Start) is { } next)
        {
            times.Add(next);
        }

        return times;
    }
}
