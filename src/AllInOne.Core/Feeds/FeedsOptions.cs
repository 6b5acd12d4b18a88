namespace AllInOne.Core.Feeds;

/// <summary>The options of the feeds (section <c>Feeds</c>).</summary>
public sealed class FeedsOptions
{
    /// <summary>The XML feed over TCP.</summary>
    public XmlFeedOptions Xml { get; set; } = new();
}
