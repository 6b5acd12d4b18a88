using Akka.Actor;
using AllInOne.Core.Entities;
using AllInOne.Core.Events.History;
using AllInOne.Core.Feeds.Connections;
using AllInOne.Core.Supervision;
using Microsoft.Extensions.Logging;

namespace AllInOne.Core.Feeds;

/// <summary>The module of the feeds: it creates their directory and specifies their listeners, one for each kind of feed.</summary>
public sealed class FeedsModule
{
    /// <summary>The name of the child of <c>/user</c>, and of the part in <see cref="Readiness"/>.</summary>
    public const string Name = "feeds";

    /// <param name="entities">Receives the reports.</param>
    /// <param name="history">Has the room for more events. Its commits are acknowledged to clients.</param>
    /// <param name="readiness">Notified when the port is open, cannot be opened at the start, or is lost.</param>
    public FeedsModule(
        FeedsOptions options,
        EntityDirectory entities,
        HistoryStore history,
        TimeProvider clock,
        Readiness readiness,
        ILoggerFactory loggers)
        : this(
            options,
            new FeedTarget(entities.Report, () => history.HasRoom, history.WaitForRoomAsync, entities.Limits),
            clock,
            readiness,
            loggers)
    {
    }

    internal FeedsModule(
        FeedsOptions options, FeedTarget target, TimeProvider clock, Readiness readiness, ILoggerFactory loggers)
    {
        var directory = new FeedDirectory(options.Xml, target.Limits, clock);
        var log = new FeedLog(loggers.CreateLogger<FeedsModule>(), clock);
        Directory = directory;
        Actors = [new ChildSpec("xml", Props.Create(() => new XmlFeedListenerActor(directory, target, log, readiness)))];
    }

    public FeedDirectory Directory { get; }

    /// <summary>
    /// The actors below <c>/user/feeds</c>: a listener for each kind of feed. <see cref="XmlFeedListenerActor.Drain"/> ends them in good order. Any
    /// other stop resets connections whose events are not committed yet.
    /// </summary>
    internal IReadOnlyList<ChildSpec> Actors { get; }
}
