using System.Buffers;
using System.Text;
using AllInOne.Core.Entities.Snapshots;
using AllInOne.Core.Feeds;
using AllInOne.Core.Feeds.Connections;
using AllInOne.Core.Feeds.Xml;

namespace AllInOne.Core.Tests.Feeds.Connections;

public class FeedIntakeTests
{
    private readonly FeedCounters _totals = new(null);

    [Fact]
    public void Reports_come_in_order_with_tags_of_their_own()
    {
        var intake = New();
        Assert.Equal(["a.1 0", "b.1 1", "a.2 2"], Take(intake, "<event><a id='1'/><b id='1'/></event><event/><event><a id='2'/></event>"));
        Assert.Equal((3, 0, 3), (intake.Window.Events, intake.Window.Acknowledged, intake.Window.Load));
        Assert.Equal((3, 3, 0), (_totals.Events, _totals.Elements, _totals.Rejected));
    }

    [Fact]
    public void Rejected_input_is_counted_with_its_reason()
    {
        var intake = New();
        Assert.Equal(["a.1 0", "a.2 1"], Take(intake, "junk<event><a id='1'/><b/><c/></event><event><x></event><event><a id=1/></event><event><a id='2'/></event><event>"));
        intake.Complete();
        Assert.Empty(Take(intake, ""));
        // Junk is no event, and a bad element does not count as a separate event.
        Assert.Equal((5, 2, 6), (_totals.Events, _totals.Elements, _totals.Rejected));
        Assert.Equal("the stream ended inside an event", _totals.LastError);
        Assert.Equal(0, intake.Window.Acknowledged);
        Assert.True(intake.Window.Complete(0));
        Assert.Equal(3, intake.Window.Acknowledged);
    }

    [Fact]
    public void A_report_that_is_only_peeked_at_stays_until_it_is_taken()
    {
        var intake = New();
        Append(intake, "<event><a id='1'/><a id='2'/></event>");
        for (var i = 0; i < 3; i++)
        {
            Assert.True(intake.TryPeek(out var report, out var tag));
            Assert.Equal(("a.1", 0), (report.Id.Value, tag));
        }

        intake.Taken();
        Assert.Equal(["a.2 1"], Take(intake, ""));
        Assert.Equal(1, _totals.Events);
    }

    [Fact]
    public void A_parser_that_crashes_costs_the_event_it_crashed_on_and_no_other()
    {
        var inner = new XmlEventParser(100, EntityLimits.Default);
        void Parse(IReadOnlyList<ReadOnlyMemory<byte>> events, ICollection<FeedEvent> results)
        {
            foreach (var one in events)
            {
                if (Encoding.UTF8.GetString(one.Span).Contains("crash", StringComparison.Ordinal))
                {
                    throw new InvalidOperationException("a bug");
                }

                inner.Parse([one], results);
            }
        }

        var intake = new FeedIntake(new XmlFeedOptions(), new FeedCounters(_totals), Parse);
        Append(intake, "<event><a id='1'/></event><event crash=''/><event><a id='2'/></event><event crash=''/><event><a></event><event><a id='3'/></event><event crash=''/>");
        var taken = new List<string>();
        for (var crashes = 0; ; crashes++)
        {
            try
            {
                TakeInto(taken, intake);
                Assert.Equal(3, crashes);
                break;
            }
            catch (InvalidOperationException)
            {
                // The next incarnation continues.
            }
        }

        Assert.Equal(["a.1 0", "a.2 1", "a.3 2"], taken);
        Assert.Equal((7, 3, 4), (_totals.Events, _totals.Elements, _totals.Rejected));
    }

    [Theory]
    [InlineData("<feed ack='true'/>", true)]
    [InlineData("<feed/>", false)]
    [InlineData("", false)]
    [InlineData("<event/><feed ack='true'/>", false)]
    [InlineData("<feed/><feed ack='true'/>", false)]
    [InlineData("junk<feed ack='true'/>", false)]
    [InlineData("<feed ack='perhaps'/>", false)]
    public void A_hello_at_the_start_requests_acknowledgements(string start, bool acknowledge)
    {
        var intake = New();
        Take(intake, start + "<event><a id='1'/></event>");
        Assert.Equal((acknowledge, null), (intake.AcksRequested, intake.Refusal));
        Assert.Equal(1, _totals.Elements);
    }

    [Theory]
    [InlineData("<feed token='secret'/><event><a id='1'/></event>", true)]
    [InlineData("<feed token='secret' ack='true'/><event><a id='1'/></event>", true)]
    [InlineData("<event><a id='1'/></event>", false)]
    [InlineData("<event><a></event><feed token='secret'/><event><a id='1'/></event>", false)]
    [InlineData("<feed token='Secret'/><event><a id='1'/></event>", false)]
    [InlineData("<feed token='wrong'/><feed token='secret'/><event><a id='1'/></event>", false)]
    [InlineData("<feed/><event><a id='1'/></event>", false)]
    public void Without_the_required_token_no_event_is_taken(string text, bool welcome)
    {
        var intake = new FeedIntake(new XmlFeedOptions { Token = "secret" }, EntityLimits.Default, new FeedCounters(_totals));
        Assert.Equal(welcome ? ["a.1 0"] : [], Take(intake, text));
        Assert.Equal(welcome, intake.Refusal is null);
    }

    private FeedIntake New() => new(new XmlFeedOptions(), EntityLimits.Default, new FeedCounters(_totals));

    private static void Append(FeedIntake intake, string text) => intake.Append(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(text)));

    private static List<string> Take(FeedIntake intake, string text)
    {
        Append(intake, text);
        var taken = new List<string>();
        TakeInto(taken, intake);
        return taken;
    }

    private static void TakeInto(List<string> taken, FeedIntake intake)
    {
        while (intake.TryPeek(out var report, out var tag))
        {
            taken.Add($"{report.Id.Value} {tag}");
            intake.Taken();
        }
    }
}
