using AllInOne.Core.Values.Options;

namespace AllInOne.Core.Tests.Values;

public sealed class OptionKeyTests
{
    [Fact]
    public void The_keys_are_the_properties_of_all_sections() => Assert.Equal(
        ["Count", "Names", "Text", "Inner:Wait", "Inner:Longest"], OptionKey.Of(new Outer()).Select(option => option.Key));

    [Theory]
    [InlineData(0, "A:Count is 0; it takes 1 to 100")]
    [InlineData(1, null)]
    [InlineData(100, null)]
    [InlineData(101, "A:Count is 101; it takes 1 to 100")]
    public void A_number_outside_of_its_range_is_a_problem(long count, string? problem) =>
        Assert.Equal(problem, OptionKey.Problems(new Outer { Count = count }, "A:").SingleOrDefault());

    [Fact]
    public void A_bound_may_be_another_option()
    {
        var options = new Outer { Inner = { Wait = TimeSpan.FromSeconds(5), Longest = TimeSpan.FromSeconds(4.5) } };

        Assert.Equal("Inner:Longest is 00:00:04.500; it takes Inner:Wait to 01:00:00", Assert.Single(OptionKey.Problems(options)));
    }

    [Fact]
    public void All_problems_are_reported_at_once()
    {
        var options = new Outer { Count = 0, Text = "wrong", Inner = { Wait = TimeSpan.Zero, Longest = TimeSpan.FromHours(2) } };

        Assert.Equal(
            ["Count is 0; it takes 1 to 100", "Inner:Wait is 00:00:00; it takes 00:00:00.001 or more", "Inner:Longest is 02:00:00; it takes Inner:Wait to 01:00:00", "Text is wrong"],
            OptionKey.Problems(options));
    }

    private sealed class Outer : IOptionRules
    {
        [Allowed(1, 100)]
        public long Count { get; set; } = 10;

        public IList<string> Names { get; set; } = [];

        public string? Text { get; set; }

        public Inner Inner { get; init; } = new();

        public bool IsDerived => Count > 1;

        public IEnumerable<string> BrokenRules() => Text == "wrong" ? ["Text is wrong"] : [];
    }

    private sealed class Inner
    {
        [Allowed("00:00:00.001")]
        public TimeSpan Wait { get; set; } = TimeSpan.FromSeconds(1);

        [Allowed(nameof(Wait), "01:00:00")]
        public TimeSpan Longest { get; set; } = TimeSpan.FromSeconds(1);
    }
}
