using AllInOne.Core.Feeds;

namespace AllInOne.Core.Tests.Feeds;

public class XmlFeedOptionsTests
{
    [Theory]
    [InlineData("127.0.0.1:7070", "127.0.0.1:7070")]
    [InlineData("localhost:0", "127.0.0.1:0")]
    [InlineData("[::1]:7070", "[::1]:7070")]
    [InlineData("0.0.0.0:1", "0.0.0.0:1")]
    public void An_address_and_port_is_understood(string text, string endPoint)
    {
        Assert.True(FeedAddress.TryParse(text, out var parsed, out _));
        Assert.Equal(endPoint, parsed.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("7070")]
    [InlineData(":7070")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:70000")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("::1")]
    [InlineData("::1:7070")]
    [InlineData("1:7070")]
    [InlineData("example.org:7070")]
    [InlineData("http://127.0.0.1:7070")]
    public void Anything_else_is_a_problem_that_names_the_key(string text)
    {
        var problem = Assert.Single(new XmlFeedOptions { Listen = text }.BrokenRules());
        Assert.StartsWith("Feeds:Xml:Listen is ", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0:7070")]
    [InlineData("192.168.1.2:7070")]
    [InlineData("*:7070")]
    [InlineData("[::]:7070")]
    public void A_port_that_others_can_reach_needs_a_token(string listen)
    {
        Assert.StartsWith("Feeds:Xml:Token is ", Assert.Single(new XmlFeedOptions { Listen = listen }.BrokenRules()), StringComparison.Ordinal);
        Assert.Empty(new XmlFeedOptions { Listen = listen, Token = "secret" }.BrokenRules());
    }
}
