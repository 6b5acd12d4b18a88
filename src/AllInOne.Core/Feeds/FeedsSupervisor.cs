using Akka.Actor;
using AllInOne.Core.Feeds.Connections;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.Feeds;

/// <summary>
/// <c>/user/feeds</c>: the parent of the listeners. Its own restart leaves them and their connections running; a listener that was
/// stopped comes back with it. At <see cref="Drain"/> it lets the listeners finish and stops behind them.
/// </summary>
internal sealed class FeedsSupervisor : ReceiveActor
{
    private const string XmlName = "xml";

    private readonly FeedDirectory _directory;
    private readonly FeedTarget _target;
    private readonly FeedLog _log;
    private readonly Readiness _readiness;
    private readonly SupervisionOptions _supervision;

    public FeedsSupervisor(FeedDirectory directory, FeedTarget target, FeedLog log, Readiness readiness, SupervisionOptions supervision)
    {
        (_directory, _target, _log, _readiness, _supervision) = (directory, target, log, readiness, supervision);
        Receive<Drain>(_ => OnDrain());
        Receive<Terminated>(_ => StopWhenDrained());
    }

    /// <summary>Told when the server stops. The actor stops by itself once all connections have finished, or run into their deadline.</summary>
    internal sealed record Drain
    {
        public static Drain Instance { get; } = new();
    }

    protected override SupervisorStrategy SupervisorStrategy() => new BackoffStrategy(_supervision);

    protected override void PreStart()
    {
        _directory.Port.Stopped = false;
        Start();
    }

    // Do not start a feed that was stopping: it continues to stop.
    protected override void PostRestart(Exception reason) => Start();

    // The listeners stay.
    protected override void PreRestart(Exception reason, object? message) => PostStop();

    private void Start()
    {
        var listener = Context.Child(XmlName);
        if (listener.IsNobody() && !_directory.Port.Stopped)
        {
            var (directory, target, log, readiness) = (_directory, _target, _log, _readiness);
            listener = Context.ActorOf(Props.Create(() => new XmlFeedListenerActor(directory, target, log, readiness)), XmlName);
        }

        if (!listener.IsNobody())
        {
            Context.Watch(listener);
        }

        StopWhenDrained();
    }

    private void OnDrain()
    {
        _directory.Port.Stopped = true;
        foreach (var listener in Context.GetChildren())
        {
            listener.Tell(XmlFeedListenerActor.Drain.Instance, ActorRefs.NoSender);
        }

        StopWhenDrained();
    }

    private void StopWhenDrained()
    {
        if (_directory.Port.Stopped && !Context.GetChildren().Any())
        {
            Context.Stop(Self);
        }
    }
}
