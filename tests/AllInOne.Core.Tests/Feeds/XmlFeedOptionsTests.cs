using AllInOne.Core.Feeds;

namespace AllInOne.Core.Tests.Feeds;

public class XmlFeedOptionsTests
{
    [Fact]
    public void The_defaults_are_good() => Assert.Empty(new FeedsOptions().Validate());

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
        var problem = Assert.Single(new XmlFeedOptions { Listen = text }.Validate());
        Assert.StartsWith("Feeds:Xml:Listen: ", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0:7070")]
    [InlineData("192.168.1.2:7070")]
    [InlineData("*:7070")]
    [InlineData("[::]:7070")]
    public void A_port_that_others_can_reach_needs_a_token(string listen)
    {
        Assert.StartsWith("Feeds:Xml:Token: ", Assert.Single(new XmlFeedOptions { Listen = listen }.Validate()), StringComparison.Ordinal);
        Assert.Empty(new XmlFeedOptions { Listen = listen, Token = "secret" }.Validate());
    }

    [Fact]
    public void All_problems_are_told_at_once()
    {
        var options = new XmlFeedOptions
        {
            Listen = "x", MaxConnections = -1, MaxEventBytes = 1, MaxDepth = 1, MaxElements = 0, MaxInFlight = 0, MaxInFlightTotal = 0, ReadBytes = 0,
            Backlog = 0, IdleTimeout = TimeSpan.FromSeconds(-1), DrainTimeout = TimeSpan.Zero,
        };
        string[] names = ["Listen", "MaxConnections", "MaxEventBytes", "MaxDepth", "MaxElements", "MaxInFlight", "MaxInFlightTotal", "ReadBytes", "Backlog", "IdleTimeout", "DrainTimeout"];
        Assert.Equal(names.Select(n => $"Feeds:Xml:{n}"), options.Validate().Select(p => p[..p.IndexOf(": ", StringComparison.Ordinal)]));
    }
}
