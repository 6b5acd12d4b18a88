using System.Globalization;
using AllInOne.Server.Configuration;
using AllInOne.Server.Configuration.Keys;

namespace AllInOne.Server.Tests.Configuration.Keys;

/// <summary>Durations in the configuration, from every source.</summary>
public sealed class DurationsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("allinone-durations-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("24:00:00", "1.00:00:00")]
    [InlineData("36:00:00", "1.12:00:00")]
    [InlineData("720:00:00", "30.00:00:00")]
    [InlineData("23:59:59", "23:59:59")]
    [InlineData("1.00:00:00", "1.00:00:00")]
    [InlineData("30.00:00:00", "30.00:00:00")]
    [InlineData("2.03:04:05.5", "2.03:04:05.5000000")]
    [InlineData("1:2:3", "01:02:03")]
    [InlineData("00:00:00", "00:00:00")]
    [InlineData("0", "00:00:00")]
    public void A_duration_reads_the_same_from_the_file_the_environment_and_the_command_line(string text, string expected)
    {
        var retention = TimeSpan.ParseExact(expected, "c", CultureInfo.InvariantCulture);
        Assert.Equal(retention, Load([], $"--History:Retention={text}").Options.History.Retention);
        Assert.Equal(retention, Load(new() { ["ALLINONE__History__Retention"] = text }).Options.History.Retention);

        File.WriteAllText(Path.Combine(_folder.FullName, "appsettings.json"), $$"""{"History": {"Retention": "{{text}}" } }""");
        Assert.Equal(retention, Load([]).Options.History.Retention);
    }

    [Fact]
    public void Zero_may_be_a_number_in_the_file()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "appsettings.json"), """{"History": {"Retention": 0}, "Memory": {"TrimAfter": 0}}""");

        var settings = Load([]);

        Assert.Empty(settings.Problems);
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (settings.Options.History.Retention, settings.Options.Memory.TrimAfter));
    }

    [Theory]
    [InlineData("History:Retention")]
    [InlineData("Jobs:RunRetention")]
    [InlineData("Memory:TrimAfter")]
    [InlineData("Feeds:Xml:IdleTimeout")]
    public void Zero_is_accepted_where_the_page_on_configuration_gives_it_a_meaning(string key) =>
        Assert.Empty(Load([], $"--{key}=0").Problems);

    [Fact]
    public void Zero_is_refused_where_it_makes_no_sense_with_the_bounds_of_that_key() =>
        Assert.Equal("Http:SlowWriteTimeout is 00:00:00; it takes 00:00:00.100 to 00:10:00", Assert.Single(Load([], "--Http:SlowWriteTimeout=0").Problems));

    [Theory]
    [InlineData("1")]
    [InlineData("30")]
    [InlineData("24:00")]
    [InlineData("10:30")]
    [InlineData("1:02:03:04")]
    [InlineData("1.24:00:00")]
    [InlineData("00:60:00")]
    [InlineData("00:00:60")]
    [InlineData("00:00:01.12345678")]
    [InlineData("-00:00:01")]
    [InlineData("0.0")]
    [InlineData("1.00")]
    [InlineData("00:00:01\n")]
    [InlineData("٠٠:٠٠:٠١")]
    [InlineData("99999999999:00:00")]
    [InlineData("99999999999.00:00:00")]
    [InlineData("PT1H")]
    [InlineData("")]
    public void Another_form_is_refused_and_the_right_forms_are_named(string text) =>
        Assert.Equal(
            "History:Retention (command line) must be 0 or a duration such as 00:00:30, 00:00:00.250, 36:00:00 (36 hours) or 30.00:00:00 (30 days)",
            Assert.Single(Load([], $"--History:Retention={text}").Problems));

    [Theory]
    [InlineData("999999.23:59:59.9999999")]
    [InlineData("9999999:59:59.9999999")]
    public void The_longest_duration_that_can_be_written_is_refused_by_the_bounds(string text) =>
        Assert.EndsWith("; it takes 00:00:00 to 36500.00:00:00", Assert.Single(Load([], $"--History:Retention={text}").Problems), StringComparison.Ordinal);

    private ServerSettings Load(Dictionary<string, string> environment, params string[] args) =>
        ServerSettings.Load(_folder.FullName, environment, ConfigurationArguments.Extract(args).Pairs);
}
