using System.Text;
using static AllInOne.Core.Tests.Feeds.Xml.Frames;

namespace AllInOne.Core.Tests.Feeds.Xml;

public class XmlFramerHostileTests
{
    [Fact]
    public void A_cut_at_any_byte_changes_nothing()
    {
        var events = new EventText(1);
        var text = new StringBuilder("\uFEFF<?xml version='1.0'?><feed ack='true'/>");
        for (var i = 0; i < 12; i++)
        {
            text.Append(events.Event($"e{i}")).Append(events.Gap());
            text.Append(i % 3 == 0 ? events.Ruin(events.Event($"r{i}")) : events.Junk());
        }

        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        var whole = Of([bytes]);
        Assert.Equal(whole, Of(bytes.Select(b => new[] { b })));
        for (var cut = 1; cut < bytes.Length; cut++)
        {
            Assert.Equal(whole, Of([bytes[..cut], bytes[cut..]]));
        }
    }

    [Fact]
    public void Random_packets_of_random_bytes_of_markup_change_nothing()
    {
        string[] pieces = ["<event", "<event>", "</event>", "<", ">", "/>", "'", "\"", "<!--", "-->", "--", "<![CDATA[", "]]>", "<?", "?>", "<a>", "</a>",
            "<a id='1'/>", "<event id='1'>", " ", "x", "<feed/>", "<!DOCTYPE", "\0", "日", "<x:event>", "</x:event>", "id='2'", "&lt;"];
        for (var seed = 0; seed < 3000; seed++)
        {
            var events = new EventText(seed);
            var text = string.Concat(Enumerable.Range(0, 1 + events.Next(120)).Select(_ => events.Pick(pieces)));
            var bytes = Encoding.UTF8.GetBytes(text);
            var limit = events.Next(2) == 0 ? 64 : 4096;
            var whole = Of([bytes], limit, maxDepth: 4);
            Assert.Equal(whole, Of(events.Packets(bytes, 9), limit, maxDepth: 4));
        }
    }

    [Fact]
    public void Events_between_junk_all_arrive_whole()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var events = new EventText(seed);
            var good = Enumerable.Range(0, 5).Select(i => events.Event($"e{i}")).ToList();
            var text = string.Concat(good.Select(g => events.Gap() + (events.Next(2) == 0 ? events.Junk() : "") + g));
            Assert.Equal(good, Of(events.Packets(Encoding.UTF8.GetBytes(text), 40)).Where(f => f is not Junk));
        }
    }

    [Fact]
    public void Events_around_a_broken_one_all_arrive()
    {
        for (var seed = 0; seed < 5000; seed++)
        {
            var events = new EventText(seed);
            List<string> before = [events.Event("b1"), events.Event("b2")];
            List<string> after = [events.Event("a1"), events.Event("a2"), events.Event("a3")];
            var broken = events.Ruin(events.Event("broken", plain: true));
            var text = string.Concat(before) + events.Gap() + broken + string.Concat(after);
            var found = Of(events.Packets(Encoding.UTF8.GetBytes(text), 200));
            Assert.True(before.SequenceEqual(found[..2]) && after.SequenceEqual(found[^3..]), $"seed {seed}: {text}");
        }
    }
}
