using System.Buffers;
using System.Text;
using AllInOne.Core.Entities.Snapshots;
using AllInOne.Core.Feeds;
using AllInOne.Core.Feeds.Connections;

namespace AllInOne.Core.Tests.Feeds.Connections;

public sealed class FeedOpeningTests
{
    private const string Event = "<event><a id='1'/></event>";

    [Theory]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP")]
    [InlineData("GET /<event><a id='1'/></event> HTTP/1.1\r\n\r\n", "HTTP")]
    [InlineData("\r\n\r\n PATCH /x HTTP/1.0\r\n\r\n", "HTTP")]
    [InlineData("OPTIONS * HTTP/1.1\r\n\r\n", "HTTP")]
    [InlineData("CONNECT 127.0.0.1:7070 HTTP/1.1\r\n\r\n", "HTTP")]
    [InlineData("GET HTTP://127.0.0.1/ HTTP/1.1\r\n\r\n", "HTTP")]
    [InlineData("M-SEARCH * HTTP/1.1\r\n\r\n", "HTTP")]
    [InlineData("anything! /x HTTP/1.1\r\n\r\n", "HTTP")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP")]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001", "TLS")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "SSH")]
    public void Another_protocol_is_refused_however_it_is_cut_and_no_event_in_it_is_taken(string opening, string protocol)
    {
        var bytes = Encoding.Latin1.GetBytes(opening + Event);
        foreach (var size in new[] { 1, 2, 3, 7, bytes.Length })
        {
            var counters = new FeedCounters(null);
            var intake = new FeedIntake(new XmlFeedOptions(), EntityLimits.Default, counters);
            foreach (var packet in bytes.Chunk(size))
            {
                intake.Append(new ReadOnlySequence<byte>(packet));
                Assert.False(intake.TryPeek(out _, out _));
            }

            Assert.Equal($"it speaks {protocol}, and this port takes XML events", intake.Refusal);
            Assert.Equal(0, counters.Events);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n\t")]
    [InlineData("\u00EF\u00BB\u00BF<?xml version=\"1.0\"?>")]
    [InlineData("junk")]
    [InlineData("some words of text")]
    [InlineData("two hands ")]
    [InlineData("a </event>")]
    [InlineData("\u0016junk")]
    [InlineData("SSH and more")]
    [InlineData("<!-- GET / HTTP/1.1 -->")]
    public void A_feed_may_begin_with_white_space_a_mark_or_junk(string opening)
    {
        var bytes = Encoding.Latin1.GetBytes(opening + Event);
        foreach (var size in new[] { 1, 2, 3, 7, bytes.Length })
        {
            var intake = new FeedIntake(new XmlFeedOptions(), EntityLimits.Default, new FeedCounters(null));
            var taken = 0;
            foreach (var packet in bytes.Chunk(size))
            {
                intake.Append(new ReadOnlySequence<byte>(packet));
                while (intake.TryPeek(out _, out _))
                {
                    intake.Taken();
                    taken++;
                }
            }

            Assert.Equal((1, null), (taken, intake.Refusal));
        }
    }

    [Fact]
    public void A_request_in_the_middle_of_a_feed_is_junk()
    {
        var intake = new FeedIntake(new XmlFeedOptions(), EntityLimits.Default, new FeedCounters(null));

        intake.Append(new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes($"{Event}GET / HTTP/1.1\r\n{Event}")));

        Assert.True(intake.TryPeek(out _, out _));
        intake.Taken();
        Assert.True(intake.TryPeek(out _, out _));
    }
}
