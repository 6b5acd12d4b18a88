namespace AllInOne.Core.Feeds;

/// <summary>Section <c>Feeds</c>: how bytes from outside become entities.</summary>
public sealed class FeedsOptions
{
    public const string Section = "Feeds";

    /// <summary>The XML feed over TCP.</summary>
    public XmlFeedOptions Xml { get; set; } = new();

    /// <summary>All that is wrong, each with the key it is about.</summary>
    public IEnumerable<string> Validate() => Xml.Validate();
}
