namespace AllInOne.Core.Feeds;

/// <summary>One open connection at a moment.</summary>
/// <param name="Id">Its number, which is also the name of its actor below <c>/user/feeds/xml</c>.</param>
/// <param name="Peer">Address and port of the client.</param>
/// <param name="Since">When it was accepted.</param>
/// <param name="Status"><c>open</c>, <c>waiting</c> (not read, because too much is on its way to the disk) or <c>ending</c>.</param>
/// <param name="Acknowledge">Whether the client requested acknowledgements.</param>
/// <param name="Bytes">Bytes received.</param>
/// <param name="Events">Events received, broken ones included.</param>
/// <param name="Elements">Elements passed on to their entities.</param>
/// <param name="Rejected">Broken events, bad elements, and pieces of junk between events.</param>
/// <param name="Committed">Elements known to be committed.</param>
/// <param name="InFlight">Elements on their way to the disk.</param>
/// <param name="LastError">Why something was last rejected or failed; null when nothing was.</param>
public sealed record FeedConnectionSnapshot(
    int Id, string Peer, DateTimeOffset Since, string Status, bool Acknowledge,
    long Bytes, long Events, long Elements, long Rejected, long Committed, int InFlight, string? LastError);

/// <summary>All connections since the start, closed ones included.</summary>
/// <param name="Open">Connections open now.</param>
/// <param name="Accepted">Connections taken since the start.</param>
/// <param name="Refused">Connections closed at once, for there were too many, for a missing or wrong token, or because they speak another protocol.</param>
/// <param name="Bytes">Bytes received.</param>
/// <param name="Events">Events received, broken ones included.</param>
/// <param name="Elements">Elements passed on to their entities.</param>
/// <param name="Rejected">Broken events, bad elements, and pieces of junk between events.</param>
/// <param name="Committed">Elements known to be committed.</param>
/// <param name="LastError">The last error of any connection.</param>
public sealed record FeedTotals(
    int Open, long Accepted, long Refused, long Bytes, long Events, long Elements, long Rejected, long Committed, string? LastError);
