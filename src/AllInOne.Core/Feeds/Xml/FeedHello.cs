namespace AllInOne.Core.Feeds.Xml;

/// <summary>What a client says first: <c>&lt;feed ack="true" token="…"/&gt;</c>. Other attributes mean nothing yet.</summary>
/// <param name="Acknowledge">Whether it requests acknowledgements.</param>
internal readonly record struct FeedHello(bool Acknowledge, string? Token);
