namespace AllInOne.Core.Live;

/// <summary>The figures of the live clients. The first four are present values; the others count since the start.</summary>
/// <param name="LongPolls">Long polls that wait.</param>
/// <param name="Sse">Open streams of server-sent events.</param>
/// <param name="WebSockets">Open WebSockets.</param>
/// <param name="Subscriptions">Open subscriptions: one for each stream, any number for a WebSocket.</param>
/// <param name="Sent">Events written to clients, once for each client.</param>
/// <param name="Dropped">Connections dropped because they were too slow.</param>
/// <param name="Resets">Cursors that could not be served without a gap.</param>
public sealed record LiveFigures(
    int LongPolls, int Sse, int WebSockets, int Subscriptions, long Sent, long Dropped, long Resets);
