using System.Buffers;
using System.Diagnostics;
using System.Text;
using AllInOne.Core.Feeds.Xml;
using static AllInOne.Core.Tests.Feeds.Xml.Frames;

namespace AllInOne.Core.Tests.Feeds.Xml;

public class XmlFramerLimitTests
{
    private const string Good = "<event><sensor id=\"good\" state=\"1\"/></event>";
    private const int Limit = 300;

    private static readonly string Long = new('x', 2 * Limit);

    public static TheoryData<string> TooLarge => new()
    {
        $"<event><a>{Long}</a></event>",
        $"<event><a b='{Long}'/></event>",
        $"<event {Long}></event>",
        $"<event><!-- {Long} --></event>",
        $"<event><![CDATA[{Long}]]></event>",
        $"<event><?{Long}?></event>",
        $"<event>{string.Concat(Enumerable.Repeat("<a id='1'/>", 200))}</event>",
        $"<event>{string.Concat(Enumerable.Repeat("<a id='1'><!-- </event> --></a>", 200))}</event>",
        $"<event><a><![CDATA[{new string('x', Limit - 20)}]]><![CDATA[</event>{Good}<event>]]></a></event>",
    };

    [Theory]
    [MemberData(nameof(TooLarge))]
    public void An_event_that_is_too_large_is_refused_once(string large)
    {
        Assert.Equal([Good, Broken, Good], Of(Good + large + Good, Limit));
        Assert.Equal([Good, Broken, Good], Of(Encoding.UTF8.GetBytes(Good + large + Good).Select(b => new[] { b }), Limit));
    }

    [Fact]
    public void An_event_of_just_the_limit_is_taken()
    {
        var most = $"<event>{new string('x', Limit - 15)}</event>";
        Assert.Equal(Limit, most.Length);
        Assert.Equal([most, Broken], Of(most + most.Replace("xx", "xxx", StringComparison.Ordinal), Limit));
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(4, false)]
    [InlineData(1000, false)]
    public void An_event_nested_too_deep_is_refused_once(int depth, bool fine)
    {
        var deep = $"<event>{string.Concat(Enumerable.Repeat("<a>", depth - 1))}{string.Concat(Enumerable.Repeat("</a>", depth - 1))}</event>";
        Assert.Equal([fine ? deep : Broken, Good], Of(deep + Good, 100_000, maxDepth: 3));
    }

    [Fact]
    public void Junk_of_any_size_is_passed_over() =>
        Assert.Equal([Junk, Good, Junk, Good], Of($"{Long}<!-- {Long} -->{Good}<!-- {Long} -->{Good}", Limit));

    [Theory]
    [InlineData("<event><a>")]
    [InlineData("<event><!-- ")]
    [InlineData("<event><![CDATA[")]
    [InlineData("<event a='")]
    [InlineData("junk")]
    [InlineData("<!--")]
    public void Endless_input_is_held_in_bounded_memory(string start)
    {
        var framer = new XmlFramer(64 * 1024, 32);
        framer.Append(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(start)));
        var packet = new byte[4096];
        packet.AsSpan().Fill((byte)'x');
        for (var i = 0; i < 1000; i++)
        {
            while (framer.TryRead(out _))
            {
            }

            framer.Append(new ReadOnlySequence<byte>(packet));
            Assert.InRange(framer.Held, 0, (64 * 1024) + (2 * packet.Length));
        }
    }

    [Theory]
    [InlineData("<event><![CDATA[")]
    [InlineData("<event><!--")]
    [InlineData("<event><?")]
    [InlineData("<event><![CDATA[<event><?<event><!-<event><a b='")]
    [InlineData("<event><event id='1'>x")]
    [InlineData("<event>")]
    [InlineData("<event ")]
    [InlineData("<a>")]
    [InlineData("<!--")]
    [InlineData("<![CDATA[")]
    [InlineData("<?")]
    [InlineData("<")]
    [InlineData("</")]
    [InlineData("<event><a x=\"'")]
    public void Hostile_repetition_takes_linear_time(string piece)
    {
        // An algorithm with quadratic time would need about 10^12 steps here.
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(piece, 4 * 1024 * 1024 / piece.Length)));
        var watch = Stopwatch.StartNew();
        Of(bytes.Chunk(16 * 1024), maxEventBytes: 1024 * 1024, maxDepth: 32);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
    }

    [Fact]
    public void Single_bytes_of_a_large_event_take_linear_time()
    {
        var bytes = Encoding.UTF8.GetBytes($"<event><a b='{new string('x', 300_000)}'/><![CDATA[{new string('y', 300_000)}]]></event>");
        Assert.Single(Of(bytes.Select(b => new[] { b }), maxEventBytes: 1024 * 1024));
    }
}
