namespace AllInOne.Core.Feeds.Xml;

/// <summary>The first message of a client: <c>&lt;feed ack="true" token="…"/&gt;</c>. Other attributes have no meaning yet.</summary>
/// <param name="Acknowledge">Whether it requests acknowledgements.</param>
internal readonly record struct FeedHello(bool Acknowledge, string? Token);
