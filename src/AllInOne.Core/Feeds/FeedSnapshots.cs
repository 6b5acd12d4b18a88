namespace AllInOne.Core.Feeds;

/// <summary>One open connection at one moment.</summary>
/// <param name="Id">The number of the connection, which is also the name of its actor below <c>/user/feeds/xml</c>.</param>
/// <param name="Peer">Address and port of the client.</param>
/// <param name="Since">The time when it was accepted.</param>
/// <param name="Status"><c>open</c>, <c>waiting</c> (not read, because too many elements are pending or storage is full) or <c>ending</c>.</param>
/// <param name="Acknowledge">Whether the client requested acknowledgements.</param>
/// <param name="Bytes">Bytes received.</param>
/// <param name="Events">Events received, including broken ones.</param>
/// <param name="Elements">Elements sent to their entities.</param>
/// <param name="Rejected">Broken events, bad elements, and pieces of junk between events.</param>
/// <param name="Committed">Elements whose commit is known.</param>
/// <param name="InFlight">Pending elements.</param>
/// <param name="LastError">The reason for the last rejection or failure; null if there was none.</param>
public sealed record FeedConnectionSnapshot(
    int Id, string Peer, DateTimeOffset Since, string Status, bool Acknowledge,
    long Bytes, long Events, long Elements, long Rejected, long Committed, int InFlight, string? LastError);

/// <summary>The totals of all connections since the start, including closed ones.</summary>
/// <param name="Open">Connections open now.</param>
/// <param name="Accepted">Connections accepted since the start.</param>
/// <param name="Refused">
/// Connections closed at once: because there were too many, because the token was missing or wrong, or because the client speaks another protocol.
/// </param>
/// <param name="Bytes">Bytes received.</param>
/// <param name="Events">Events received, including broken ones.</param>
/// <param name="Elements">Elements sent to their entities.</param>
/// <param name="Rejected">Broken events, bad elements, and pieces of junk between events.</param>
/// <param name="Committed">Elements whose commit is known.</param>
/// <param name="LastError">The last error of any connection.</param>
public sealed record FeedTotals(
    int Open, long Accepted, long Refused, long Bytes, long Events, long Elements, long Rejected, long Committed, string? LastError);
