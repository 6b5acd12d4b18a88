using AllInOne.Core.Feeds.Connections;
using AllInOne.Core.Supervision;
using Microsoft.Extensions.Logging;

namespace AllInOne.Core.Feeds;

/// <summary>What feeds put into the tree: <c>/user/feeds</c> with a listener for each kind of feed.</summary>
public static class FeedsModule
{
    public const string Name = "feeds";

    /// <summary>Tells <c>/user/feeds</c> to take no more connections, finish what was received and stop: for <c>GracefulStop</c>.</summary>
    public static object Drain => FeedsSupervisor.Drain.Instance;

    internal static Props Supervisor(
        FeedDirectory directory, FeedTarget target, Readiness readiness, SupervisionOptions supervision, ILoggerFactory loggers, TimeProvider time)
    {
        var log = new FeedLog(loggers.CreateLogger("AllInOne.Core.Feeds"), time);
        return Props.Create(() => new FeedsSupervisor(directory, target, log, readiness, supervision));
    }
}
