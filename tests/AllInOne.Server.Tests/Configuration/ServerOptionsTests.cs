using AllInOne.Core.Values.Options;
using AllInOne.Server.Configuration;

namespace AllInOne.Server.Tests.Configuration;

public sealed class ServerOptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => Assert.Empty(OptionKey.Problems(new ServerOptions()));

    [Fact]
    public void Every_number_and_duration_has_a_range()
    {
        // The lower limit of this one depends on options of other sections.
        var without = OptionKey.Of(new ServerOptions()).Where(option => option.Value is int or long or TimeSpan && option.Range is null);

        Assert.Equal(["Http:MaxAnswerBytesInFlight"], without.Select(option => option.Key));
    }

    [Fact]
    public void A_value_below_its_range_is_one_line_with_the_key_the_value_and_the_range()
    {
        foreach (var key in OptionKey.Of(new ServerOptions()).Where(option => option.Range is not null).Select(option => option.Key))
        {
            var option = OptionKey.Of(new ServerOptions()).Single(option => option.Key == key);
            object below = option.Value switch { int => -1, long => -1L, _ => TimeSpan.FromSeconds(-1) };
            option.Property.SetValue(option.Owner, below);

            Assert.Equal($"{option.Key} is {OptionKey.Text(below)}; it takes {option.Range}", option.Problem);
        }
    }

    [Fact]
    public void All_values_below_their_ranges_are_reported_at_once()
    {
        var wrong = new ServerOptions();
        var options = OptionKey.Of(wrong).Where(option => option.Range is not null).ToList();
        foreach (var option in options)
        {
            object below = option.Value switch { int => -1, long => -1L, _ => TimeSpan.FromSeconds(-1) };
            option.Property.SetValue(option.Owner, below);
        }

        var problems = OptionKey.Problems(wrong).Select(problem => problem.Split(' ')[0]);

        // For these keys the bound is another option. That option is wrong here too and equal to the value, so the value is within its bound.
        Assert.Equal(
            ["Scheduler:AbandonAfter", "Scheduler:DemoteAfter", "Storage:MaxRetryDelay", "Storage:OpenQueries", "Supervision:MaxBackoff"],
            options.Select(option => option.Key).Except(problems).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("kitchen-2")]
    [InlineData("123456789012345678901234567890123456789012345678901234567890123")]
    public void A_name_of_a_node_is_accepted(string name) => Assert.Empty(new NodeOptions { Name = name }.BrokenRules());

    [Theory]
    [InlineData("")]
    [InlineData("Kitchen")]
    [InlineData("kitchen 2")]
    [InlineData("kitchen.home")]
    [InlineData("küche")]
    [InlineData("a\n")]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234")]
    public void Another_name_of_a_node_is_refused(string name) =>
        Assert.StartsWith("Node:Name is '", Assert.Single(new NodeOptions { Name = name }.BrokenRules()), StringComparison.Ordinal);

    [Theory]
    [InlineData("Kitchen", "kitchen")]
    [InlineData("kitchen.home.example", "kitchen")]
    [InlineData("My_PC", "my-pc")]
    [InlineData("", "localhost")]
    public void The_default_name_of_a_node_is_made_from_the_host_name(string host, string name)
    {
        Assert.Equal(name, NodeOptions.OfHost(host));
        Assert.Empty(new NodeOptions { Name = new NodeOptions().NameInForce }.BrokenRules());
    }
}
