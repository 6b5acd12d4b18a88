using static AllInOne.Core.Tests.Feeds.Xml.Frames;

namespace AllInOne.Core.Tests.Feeds.Xml;

public class XmlFramerTests
{
    private const string Good = "<event><sensor id=\"good\" state=\"1\"/></event>";

    [Theory]
    [InlineData("<event/>")]
    [InlineData("<event></event>")]
    [InlineData("<event \r\n\t></event >")]
    [InlineData("<event time='>' a=\"/>\"><match id=\"1042\" home='\"2\"'/></event>")]
    [InlineData("<event><a id='1'><![CDATA[</event><event>]]></a></event>")]
    [InlineData("<event><![CDATA[]]]]></event>")]
    [InlineData("<event><!-- </event> <event> --><a/></event>")]
    [InlineData("<event><?pi </event> > ?><a/></event>")]
    [InlineData("<event><eventful id='1'/><events></events></event>")]
    [InlineData("<x:event xmlns:x='urn:x'><x:a id='1'/></x:event>")]
    [InlineData("<event xmlns='urn:x'><y:event id='1' state='2'/><event id='2'>on</event><event  id = '3'></event></event>")]
    [InlineData("<event><é id='ü'>日本</é></event>")]
    [InlineData("<event><a><b><a></a></b></a></event>")]
    public void A_whole_event_is_one_frame(string text) => Assert.Equal([text, Good], Of(text + Good));

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n\t")]
    [InlineData("\uFEFF")]
    [InlineData("\uFEFF<?xml version=\"1.0\" encoding=\"utf-8\"?>\n")]
    [InlineData("<!-- <event> -->")]
    [InlineData("<!----><?a?><?b <event> ?>")]
    [InlineData("</feed>")]
    public void Text_without_a_meaning_between_events_is_skipped(string between) =>
        Assert.Equal([Good, Good], Of(between + Good + between + Good + between));

    [Theory]
    [InlineData("hello")]
    [InlineData("<eventful id='1'/>")]
    [InlineData("<events>")]
    [InlineData("</event>")]
    [InlineData("<!DOCTYPE event [ <!ENTITY a \"b\"> ]>")]
    [InlineData("<![CDATA[x]]>")]
    [InlineData("<state/> <!-- also junk --> </state>")]
    [InlineData("< event/>")]
    [InlineData("&amp; \0 \u0001 ]]>")]
    public void Junk_between_events_is_refused_in_one_piece(string junk) =>
        Assert.Equal([Good, Junk, Good, Junk], Of(Good + junk + Good + junk));

    [Theory]
    [InlineData("<event><a id='1'></event>")]
    [InlineData("<event><a></b></event>")]
    [InlineData("<event><a id='1' state='2'</event>")]
    [InlineData("<event><a id='1 state='2'/></event>")]
    [InlineData("<event><a id=\"1><b id=\"2\"/></event>")]
    [InlineData("<event>a < b</event>")]
    [InlineData("<event><1/></event>")]
    [InlineData("<event><!-- a -- b --></event>")]
    [InlineData("<event><!DOCTYPE a></event>")]
    [InlineData("<event></a></event>")]
    [InlineData("<event a='</event>")]
    [InlineData("<event a='<'></event>")]
    [InlineData("<event><")]
    [InlineData("<event><a")]
    [InlineData("<event><a b='")]
    [InlineData("<event><a>")]
    [InlineData("<event>text")]
    [InlineData("<event><a id='1'/>")]
    [InlineData("<event id='1'>")]
    [InlineData("<event><a><b><c>")]
    [InlineData("<event><!-- never closed <a id='1'/></event>")]
    [InlineData("<event><![CDATA[never closed </a></event>")]
    [InlineData("<event><?never closed </event>")]
    public void A_broken_event_is_skipped_up_to_the_next(string broken) =>
        Assert.Equal([Good, Broken, Good, Good, Broken], Of(Good + broken + Good + Good + broken));

    [Fact]
    public void An_event_that_never_ends_is_known_as_soon_as_the_next_begins()
    {
        Assert.Equal([Broken, Good], Of(["<event><a>"u8.ToArray(), System.Text.Encoding.UTF8.GetBytes(Good)], complete: false));
        // With an id, it could be an entity of the domain "event", until its own elements follow.
        const string Second = "<event id=\"2\"><a id='1'/></event>";
        Assert.Equal([Broken, Second], Of([System.Text.Encoding.UTF8.GetBytes("<event id=\"1\">" + Second)], complete: false));
    }

    [Fact]
    public void After_a_broken_event_comments_are_comments_again() =>
        Assert.Equal([Broken, Good], Of("<event><a></b></event><!-- " + Good + " -->" + Good));

    [Fact]
    public void A_hello_is_its_start_tag_alone()
    {
        Assert.Equal(["<feed ack=\"true\"/>", Good], Of("<feed ack=\"true\"/>" + Good));
        Assert.Equal(["<feed ack='true'>", Good, Good], Of("<feed ack='true'>" + Good + Good + "</feed>"));
    }

    [Fact]
    public void Nothing_is_found_in_an_empty_stream() => Assert.Empty(Of(""));
}
