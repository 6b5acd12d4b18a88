using AllInOne.Core.Live;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Connections;

namespace AllInOne.Server.Live;

/// <summary>The client of a live connection: functions on its request that all transports share.</summary>
internal static class LivePeer
{
    public static string Of(HttpContext context) =>
        $"{context.Connection.RemoteIpAddress}:{context.Connection.RemotePort}";

    public static Problem TooMany(LiveConnections all) =>
        Problem.Unavailable("Too many live connections are open already.", all.RetryAfter());

    /// <summary>Ends the connection when its client disconnects.</summary>
    public static CancellationTokenRegistration EndWith(LiveConnection connection, CancellationToken aborted) =>
        aborted.UnsafeRegister(static state => ((LiveConnection)state!).Signal(LiveSignals.Gone), connection);

    /// <summary>
    /// The TCP connection of a request; null in a host without sockets. Unlike the request, it can be read at any time.
    /// </summary>
    public static WatchedConnection? ConnectionOf(HttpContext context) => context.Features.Get<WatchedConnection>();
}
