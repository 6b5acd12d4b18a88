using AllInOne.Server.Configuration.Keys;

namespace AllInOne.Server.Tests.Configuration.Keys;

public class ConfigurationArgumentsTests
{
    [Theory]
    [InlineData("--Feeds:Xml:Listen=127.0.0.1:1", "Feeds:Xml:Listen", "127.0.0.1:1")]
    [InlineData("--Feeds:Xml:Listen 127.0.0.1:1", "Feeds:Xml:Listen", "127.0.0.1:1")]
    [InlineData("--data x", "Data:Directory", "x")]
    [InlineData("--data=x", "Data:Directory", "x")]
    [InlineData("--urls=http://a;http://b", "Urls", "http://a;http://b")]
    [InlineData("--Urls http://a", "Urls", "http://a")]
    [InlineData("--A:B=x=y", "A:B", "x=y")]
    [InlineData("--A:B=", "A:B", "")]
    public void A_key_is_taken_in_each_form(string line, string key, string value)
    {
        var arguments = ConfigurationArguments.Extract(line.Split(' '));

        Assert.Equal([KeyValuePair.Create(key, value)], arguments.Pairs);
        Assert.Empty(arguments.Rest);
        Assert.Empty(arguments.Problems);
    }

    [Fact]
    public void Commands_and_options_are_left_for_the_parser()
    {
        var arguments = ConfigurationArguments.Extract(["serve", "--demo", "--A:B", "1", "--help", "a:b"]);

        Assert.Equal(["serve", "--demo", "--help", "a:b"], arguments.Rest);
    }

    [Theory]
    [InlineData("--data")]
    [InlineData("--A:B --demo")]
    public void A_key_without_a_value_is_a_problem_that_names_it(string line)
    {
        var arguments = ConfigurationArguments.Extract(line.Split(' '));

        Assert.StartsWith(line.Split(' ')[0] + " needs a value", Assert.Single(arguments.Problems));
    }
}
