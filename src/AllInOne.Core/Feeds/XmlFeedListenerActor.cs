using System.Globalization;
using System.Net.Sockets;
using Akka.Actor;
using AllInOne.Core.Feeds.Connections;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.Feeds;

/// <summary>
/// <c>/user/feeds/xml</c>: accepts connections and creates one actor for each. The directory owns the port, so a restart of this actor keeps the port
/// and the connections. If the port fails, it is opened again after a growing delay; the open connections continue.
/// </summary>
internal sealed class XmlFeedListenerActor : TreeActor, IWithTimers
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);

    // A connection that crashes again and again is closed; the other connections are not affected.
    private static readonly OneForOneStrategy Strategy = new(5, TimeSpan.FromSeconds(10), _ => Directive.Restart);

    private readonly FeedDirectory _directory;
    private readonly FeedPort _port;
    private readonly FeedTarget _target;
    private readonly FeedLog _log;
    private readonly Readiness _readiness;
    private TimeSpan _delay = FirstDelay;

    public XmlFeedListenerActor(FeedDirectory directory, FeedTarget target, FeedLog log, Readiness readiness) =>
        (_directory, _port, _target, _log, _readiness) = (directory, directory.Port, target, log, readiness);

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The server stops: accept no more connections, let the open ones finish, then stop.</summary>
    internal sealed record Drain
    {
        public static Drain Instance { get; } = new();
    }

    protected override SupervisorStrategy SupervisorStrategy() => Strategy;

    protected override void PreStart()
    {
        _port.Stopped = false;
        OnListen();
    }

    protected override void PostRestart(Exception reason)
    {
        if (_port.Stopped)
        {
            OnDrain();
        }
        else
        {
            OnListen();
        }
    }

    protected override void PostStop()
    {
        _port.Close();
        _port.Accepting = false;
        Closed("the XML feed is stopped");
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Accepted accepted:
                OnAccepted(accepted.Socket);
                break;
            case AcceptFailed failed:
                OnAcceptFailed(failed.Cause);
                break;
            case Listen:
                OnListen();
                break;
            case Drain:
                OnDrain();
                break;
            case Terminated terminated:
                OnTerminated(terminated);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void OnListen()
    {
        if (_port.Stopped)
        {
            return;
        }

        if (!_port.IsOpen)
        {
            try
            {
                _port.Open();
            }
            catch (FeedListenException failure)
            {
                if (!_port.WasOpen)
                {
                    _readiness.Failed(FeedsModule.Name, failure);
                }

                TryLater(failure.Message);
                return;
            }
        }

        _directory.ListenProblem = null;
        _readiness.Ready(FeedsModule.Name);
        _log.Listening(_port.EndPoint.ToString());
        Accept();
    }

    private void Accept()
    {
        if (_port is { IsOpen: true, Accepting: false })
        {
            _port.Accepting = true;
            _port.AcceptAsync().PipeTo(Self, success: socket => new Accepted(socket), failure: cause => new AcceptFailed(cause));
        }
    }

    private void OnAccepted(Socket socket)
    {
        _port.Accepting = false;
        _delay = FirstDelay;
        var limit = _directory.XmlOptions.MaxConnections;
        if (_port.Stopped)
        {
            socket.Dispose();
            return;
        }

        var refusal = limit > 0 && _directory.Count >= limit ? $"there are {limit} connections already"
            : !_port.MayServe(socket) ? $"it came to {socket.LocalEndPoint}, and Feeds:Xml:Listen is for this machine alone"
            : null;
        if (refusal is not null)
        {
            _log.Refused(socket.RemoteEndPoint?.ToString() ?? "unknown", refusal);
            _directory.Refused();
            socket.Dispose();
        }
        else
        {
            Begin(socket);
        }

        Accept();
    }

    private void Begin(Socket socket)
    {
        FeedSession session;
        try
        {
            session = _directory.Begin(socket);
        }
        catch (Exception gone) when (gone is SocketException or IOException)
        {
            // The client has disconnected already.
            socket.Dispose();
            return;
        }

        _log.Opened(session);
        var (target, options, log) = (_target, _directory.XmlOptions, _log);
        var child = Context.ActorOf(
            Props.Create(() => new FeedConnectionActor(session, target, options, log)), session.Id.ToString(CultureInfo.InvariantCulture));
        Context.Watch(child);
    }

    private void OnAcceptFailed(Exception cause)
    {
        _port.Accepting = false;
        if (!_port.IsOpen)
        {
            return;
        }

        switch ((cause as SocketException)?.SocketErrorCode)
        {
            case SocketError.ConnectionReset or SocketError.ConnectionAborted:
                // This client has disconnected already.
                Accept();
                break;
            case SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable:
                // The port is still open, and new clients wait in the backlog.
                TryLater(cause.Message);
                break;
            default:
                _port.Close();
                TryLater(cause.Message);
                break;
        }
    }

    private void TryLater(string reason)
    {
        Closed(reason);
        _log.NotListening(reason, _delay);
        Timers.StartSingleTimer(nameof(Listen), Listen.Instance, _delay);
        _delay = _delay * 2 < LongestDelay ? _delay * 2 : LongestDelay;
    }

    private void OnDrain()
    {
        _port.Stopped = true;
        _port.Close();
        Closed("the server stops");
        foreach (var child in Context.GetChildren())
        {
            Context.Watch(child);
            child.Tell(FeedConnectionActor.Drain.Instance, ActorRefs.NoSender);
        }

        StopWhenDrained();
    }

    private void OnTerminated(Terminated terminated)
    {
        // The actor closes its connection itself, unless it failed so badly that no instance was left.
        _directory.Close(terminated.ActorRef.Path.Name);
        StopWhenDrained();
    }

    private void StopWhenDrained()
    {
        if (_port.Stopped && !Context.GetChildren().Any())
        {
            Context.Stop(Self);
        }
    }

    private void Closed(string reason)
    {
        _directory.ListenProblem = reason;
        _readiness.NotReady(FeedsModule.Name, reason);
    }

    private sealed record Accepted(Socket Socket) : IRefusable
    {
        public void Refuse(string reason, IActorRef? sender) => Socket.Dispose();
    }

    private sealed record AcceptFailed(Exception Cause);

    private sealed record Listen
    {
        public static Listen Instance { get; } = new();
    }
}
