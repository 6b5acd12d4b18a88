using AllInOne.Core.Live;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Connections;

namespace AllInOne.Server.Live;

/// <summary>The other end of a live connection: what the transports need of its request alike.</summary>
internal static class LivePeer
{
    public static string Of(HttpContext context) =>
        $"{context.Connection.RemoteIpAddress}:{context.Connection.RemotePort}";

    public static Problem TooMany(LiveConnections all) =>
        Problem.Unavailable("Too many live connections are open already.", all.RetryAfter());

    /// <summary>The connection ends when its client has gone.</summary>
    public static CancellationTokenRegistration EndWith(LiveConnection connection, CancellationToken aborted) =>
        aborted.UnsafeRegister(static state => ((LiveConnection)state!).Signal(LiveSignals.Gone), connection);

    /// <summary>
    /// The connection below, where there is one; null in a host without sockets. It can be read at any time, unlike the request.
    /// </summary>
    public static WatchedConnection? ConnectionOf(HttpContext context) => context.Features.Get<WatchedConnection>();
}
