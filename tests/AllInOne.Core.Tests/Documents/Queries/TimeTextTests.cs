using AllInOne.Core.Documents.Queries;

namespace AllInOne.Core.Tests.Documents.Queries;

public class TimeTextTests
{
    [Theory]
    [InlineData("1970-01-01T00:00:00Z", 0, true)]
    [InlineData("1970-01-01", 0, true)]
    [InlineData("1970-01-01t00:00:01.5z", 1_500_000, true)]
    [InlineData("1970-01-01T00:00:00.000001Z", 1, true)]
    [InlineData("1970-01-01T00:00:00.000001000Z", 1, true)]
    [InlineData("1970-01-01T00:00:00.000001999Z", 1, false)]
    [InlineData("1969-12-31T23:59:59.9999999Z", -1, false)]
    [InlineData("1970-01-01T01:30:00+01:30", 0, true)]
    [InlineData("1969-12-31T16:00:00-08:00", 0, true)]
    [InlineData("0001-01-01T00:00:00+23:59", -62_135_683_140_000_000, true)]
    [InlineData("9999-12-31T23:59:59.999999-23:59", 253_402_387_139_999_999, true)]
    public void A_time_is_read_in_microseconds(string text, long microseconds, bool isWhole)
    {
        Assert.True(TimeText.TryParse(text, out var time));
        Assert.Equal(new TimeText(microseconds, isWhole), time);
    }

    [Theory]
    [InlineData("")]
    [InlineData("now")]
    [InlineData("2026-02-30")]
    [InlineData("2026-1-1")]
    [InlineData("26-01-01T00:00:00Z")]
    [InlineData("2026-01-01T00:00:00")]
    [InlineData("2026-01-01 00:00:00Z")]
    [InlineData("2026-01-01T24:00:00Z")]
    [InlineData("2026-01-01T00:00:00.Z")]
    [InlineData("2026-01-01T00:00:00+1")]
    [InlineData("2026-01-01T00:00:00+24:00")]
    [InlineData("2026-01-01T00:00:00Z ")]
    [InlineData("٢٠٢٦-01-01")]
    public void A_text_that_is_no_time_is_not_read_as_a_time(string text) => Assert.False(TimeText.TryParse(text, out _));
}
