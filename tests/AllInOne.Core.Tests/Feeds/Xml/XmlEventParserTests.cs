using System.Globalization;
using System.Text;
using AllInOne.Core.Entities.Snapshots;
using AllInOne.Core.Feeds.Xml;

namespace AllInOne.Core.Tests.Feeds.Xml;

public class XmlEventParserTests
{
    [Fact]
    public void An_element_becomes_a_report()
    {
        var read = One("<event><sensor id=\"kitchen_temperature\" state=\"21.50\" unit=\"°C\" name=\"Kitchen\" area='kitchen' class='temperature' low='-3' ok='true' at='x y'/></event>");
        var report = Assert.Single(read.Reports);
        Assert.Equal("sensor.kitchen_temperature", report.Id.Value);
        Assert.Equal("21.5", report.State!.Value.Raw);
        Assert.Equal(("Kitchen", "kitchen", "°C", "temperature"), (report.Name, report.Area, report.Unit, report.Class));
        Assert.Equal(["low=-3", "ok=true", "at=\"x y\""], report.Attributes.Select(a => $"{a.Key}={a.Value.Raw}"));
        Assert.Equal((0, null, false), (read.BadElements, read.Problem, read.Broken));
    }

    [Fact]
    public void A_missing_attribute_is_null()
    {
        var report = One("<event><match id='1'/></event>").Reports[0];
        Assert.Equal((null, null, null, null, null), (report.State, report.Name, report.Area, report.Unit, report.Class));
        Assert.Empty(report.Attributes);
    }

    [Theory]
    [InlineData("<a id='1'>21.5</a>", "21.5")]
    [InlineData("<a id='1'>\n  on\n</a>", "\"on\"")]
    [InlineData("<a id='1'>a &lt; b &amp; &#xE9;</a>", "\"a < b & é\"")]
    [InlineData("<a id='1'><![CDATA[</event>]]></a>", "\"</event>\"")]
    [InlineData("<a id='1'>2<!-- 3 -->1<?x?><![CDATA[.]]>5</a>", "21.5")]
    [InlineData("<a id='1' state='off'>on</a>", "\"off\"")]
    [InlineData("<a id='1' state=''>on</a>", "\"\"")]
    [InlineData("<a id='1' state='true'/>", "true")]
    [InlineData("<a id='1' state=' 7 '/>", "\" 7 \"")]
    [InlineData("<a id='1'> </a>", null)]
    [InlineData("<a id='1'></a>", null)]
    [InlineData("<a id='1'>on<b id='2'>off</b></a>", "\"on\"")]
    [InlineData("<x:a x:id='1' y:state='7' xmlns:x='urn:x'/>", "7")]
    [InlineData("<a xml:id='9' id='1' x:state='0' state='7' z:state='1'/>", "7")]
    [InlineData("<a xmlns='urn:x' xmlns:state='8' id='1'/>", null)]
    public void State_is_the_attribute_or_the_elements_own_text(string element, string? state)
    {
        var report = Assert.Single(One($"<event>{element}</event>").Reports);
        Assert.Equal(("a.1", state), (report.Id.Value, report.State?.Raw));
    }

    [Fact]
    public void A_bad_element_is_left_out_and_the_others_stay()
    {
        var read = One("<event>text<a id='1'/><b/><Big id='1'/><c id='a b'/><d id=''/><event id='2'/><a.b id='1'/><e id='ü'/></event>");
        Assert.Equal(["a.1", "event.2"], read.Reports.Select(r => r.Id.Value));
        Assert.Equal((6, false), (read.BadElements, read.Broken));
        Assert.Contains("'e.ü'", read.Problem, StringComparison.Ordinal);
        Assert.Contains("<b> has no id", One("<event><b/></event>").Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<event><a id='1'>&unknown;</a></event>")]
    [InlineData("<event><a id='1' state='&unknown;'/></event>")]
    [InlineData("<event><a id='1' id='2'/></event>")]
    [InlineData("<event><a id=1/></event>")]
    [InlineData("<event><a id='1' state/></event>")]
    [InlineData("<event><a id='1'b='2'/></event>")]
    [InlineData("<event><a id='1'>]]></a></event>")]
    [InlineData("<event><a id='1'>&#0;</a></event>")]
    [InlineData("<event><a id='1'>\u0001</a></event>")]
    [InlineData("<event><a id='1'>\uFFFF</a></event>")]
    [InlineData("<event><a id='1'/></event x>")]
    [InlineData("<event><?xml version='1.0'?><a id='1'/></event>")]
    [InlineData("<event><a id='1'/><b></c></event>")]
    public void An_event_that_is_no_xml_is_refused_whole(string broken)
    {
        const string Good = "<event><a id='2'/></event>";
        var read = Read([Good, Good, broken, Good, broken, broken, Good]);
        Assert.Equal([false, false, true, false, true, true, false], read.Select(r => r.Broken));
        Assert.All(read, r => Assert.Equal(r.Broken ? 0 : 1, r.Reports.Count));
        Assert.Contains("line 1", read[2].Problem, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Invalid_utf8_breaks_its_event_alone()
    {
        var bad = "<event><a id='1' state='?'/></event>"u8.ToArray();
        bad[Array.IndexOf(bad, (byte)'?')] = 0xE9;
        var good = "<event><a id='2' state='é'/></event>"u8.ToArray();
        var results = new List<FeedEvent>();
        new XmlEventParser(10, EntityLimits.Default).Parse([good, bad, bad, good], results);
        Assert.Equal([false, true, true, false], results.Select(r => r.Broken));
        Assert.Equal("\"é\"", results[3].Reports[0].State!.Value.Raw);
    }

    [Fact]
    public void Too_many_elements_refuse_the_event()
    {
        static string Of(int count) => $"<event>{string.Concat(Enumerable.Repeat("<a id='1'><b/></a>", count))}</event>";
        var read = Read([Of(3), Of(4), Of(3)], maxElements: 3);
        Assert.Equal([3, 0, 3], read.Select(r => r.Reports.Count));
        Assert.True(read[1].Broken);
    }

    [Fact]
    public void An_entity_bomb_is_refused() =>
        Assert.True(One("<event><!DOCTYPE a [<!ENTITY b 'bb'>]><a id='1'>&b;</a></event>").Broken);

    [Fact]
    public void Several_events_are_read_together_as_they_are_read_one_by_one()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var events = new EventText(seed);
            var texts = Enumerable.Range(0, 8).Select(i => events.Event($"e{i}"))
                .Select(e => events.Next(4) == 0 ? events.Ruin(e) : e);
            var framed = Frames.Of(string.Concat(texts)).Where(f => f is not (Frames.Broken or Frames.Junk)).ToList();
            var together = Read(framed);
            var alone = framed.Select(One).ToList();
            Assert.Equal(alone.Select(Describe), together.Select(Describe));
        }
    }

    [Fact]
    public void An_element_with_more_attributes_than_an_entity_may_have_is_left_out()
    {
        var read = One($"<event><a id='1' {Attributes(257)}/><b id='2' {Attributes(256)}/></event>");
        Assert.Equal("b.2", Assert.Single(read.Reports).Id.Value);
        Assert.Equal(1, read.BadElements);
        Assert.Equal("element 1: a.1: attributes has 257 members, more than 256 (Entities:MaxAttributes)", read.Problem);
    }

    [Theory]
    [InlineData("p:", 300)]
    [InlineData("p:", 30_000)]
    [InlineData("", 30_000)]
    public void Attributes_with_prefixes_count_like_others(string prefix, int count) =>
        Assert.Contains("Entities:MaxAttributes", One($"<event><a {Attributes(count, prefix)} id='1'/></event>").Problem, StringComparison.Ordinal);

    [Theory]
    [InlineData("x='{0}'", 300_000, "Entities:MaxAttributesBytes")]
    [InlineData("x='{0}' y='{0}'", 140_000, "Entities:MaxAttributesBytes")]
    [InlineData("{0}=''", 129, "128 characters")]
    [InlineData("state='{0}'", 70_000, "Entities:MaxStateBytes")]
    [InlineData("name='{0}'", 257, "name is longer than 256 characters")]
    [InlineData("p:unit='{0}'", 257, "unit is longer than 256 characters")]
    public void A_value_that_is_too_long_leaves_out_its_element_and_no_other(string attributes, int length, string reason)
    {
        var read = One($"<event><a id='1' {string.Format(CultureInfo.InvariantCulture, attributes, new string('n', length))}/><b id='2'/></event>");
        Assert.Equal("b.2", Assert.Single(read.Reports).Id.Value);
        Assert.Contains(reason, read.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_is_too_long_is_no_state() =>
        Assert.Contains("Entities:MaxStateBytes", One($"<event><a id='1'>{new string('n', 70_000)}</a></event>").Problem, StringComparison.Ordinal);

    [Fact]
    public void Of_attributes_with_one_name_the_one_without_a_prefix_counts_in_any_position()
    {
        var report = One("<event><a id='1' y='0' p:x='1' q:x='2' x='3' q:y='4' r:z='5' s:z='6'/></event>").Reports[0];
        Assert.Equal(["x=3", "y=0", "z=5"], AttributeSet.From(report.Attributes).Select(a => $"{a.Key}={a.Value.Raw}"));
    }

    [Theory]
    [InlineData("<feed/>", false, null)]
    [InlineData("<feed ack=\"true\" token=\"s&amp;cret\"/>", true, "s&cret")]
    [InlineData("<x:feed ack='1' token=''>", true, "")]
    [InlineData("<feed ack='false' other='x' >", false, null)]
    public void A_hello_has_its_options_and_its_token(string text, bool acknowledge, string? token) =>
        Assert.Equal(new FeedHello(acknowledge, token), XmlEventParser.ParseHello(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData("<feed ack='maybe'/>")]
    [InlineData("<feed ack='true' ack='true'/>")]
    [InlineData("<feed ack=true/>")]
    public void A_wrong_hello_says_why(string text)
    {
        Assert.Null(XmlEventParser.ParseHello(Encoding.UTF8.GetBytes(text), out var problem));
        Assert.NotNull(problem);
    }

    private static string Attributes(int count, string prefix = "") =>
        string.Join(' ', Enumerable.Range(0, count).Select(n => $"{prefix}n{n}=''"));

    private static FeedEvent One(string text) => Assert.Single(Read([text]));

    private static List<FeedEvent> Read(IEnumerable<string> texts, int maxElements = 100)
    {
        var results = new List<FeedEvent>();
        new XmlEventParser(maxElements, EntityLimits.Default).Parse([.. texts.Select(t => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(t))], results);
        return results;
    }

    private static string Describe(FeedEvent read) =>
        $"{read.Broken} {read.BadElements} {read.Problem} " + string.Join(' ', read.Reports.Select(r =>
            $"{r.Id.Value}={r.State?.Raw};{string.Join(',', r.Attributes.Select(a => a.Key + a.Value.Raw))}"));
}
