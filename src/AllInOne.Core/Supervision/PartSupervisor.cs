using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace AllInOne.Core.Supervision;

/// <summary>
/// The supervisor of a part of the server (<see cref="PartSpec"/>). It restores the data of the part, starts the children, and starts a child again
/// that has stopped. Its own restart keeps the children. A child that fails is restarted with its mailbox (<see cref="BackoffStrategy"/>).
/// </summary>
internal sealed partial class PartSupervisor : TreeActor, IRevivesChildren, IWithTimers
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(200);

    private readonly PartSpec _spec;
    private readonly Readiness _readiness;
    private readonly ILogger _log;
    private readonly Dictionary<string, ChildSpec> _children = [];
    private readonly HashSet<string> _starting = [];

    public PartSupervisor(PartSpec spec, Readiness readiness, ILogger log) => (_spec, _readiness, _log) = (spec, readiness, log);

    /// <summary>A child reports that it is ready.</summary>
    public sealed record ChildReady
    {
        public static ChildReady Instance { get; } = new();
    }

    /// <summary>The server stops: let the children finish, then stop.</summary>
    public sealed record Drain
    {
        public static Drain Instance { get; } = new();
    }

    private sealed record Restored
    {
        public static Restored Instance { get; } = new();
    }

    private sealed record RestoreFailed(Exception Reason);

    private sealed record ReportProgress
    {
        public static ReportProgress Instance { get; } = new();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override SupervisorStrategy SupervisorStrategy() => new BackoffStrategy(_spec.Restarts, _spec.IsLogged);

    protected override void PreStart()
    {
        _spec.IsDraining = false;
        Begin();
    }

    protected override void PostRestart(Exception reason) => Begin();

    protected override void PostStop()
    {
        foreach (var child in _children.Values)
        {
            child.Address?.Detach();
        }

        _spec.Restores?.Close();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Terminated stopped:
                OnTerminated(stopped.ActorRef);
                break;
            case ChildReady:
                OnReady(Sender.Path.Name);
                break;
            case Drain:
                OnDrain();
                break;
            case Restored:
                Timers.Cancel(ReportProgress.Instance);
                OnRestored();
                break;
            case RestoreFailed failed:
                throw failed.Reason;
            case ReportProgress:
                _readiness.NotReady(_spec.Name, _spec.Restores!.Progress);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Begin()
    {
        if (_spec.IsDraining)
        {
            WatchChildren();
            StopWhenDrained();
        }
        else if (_spec.Restores is { IsRestored: false } data)
        {
            Timers.StartPeriodicTimer(ReportProgress.Instance, ReportProgress.Instance, TimeSpan.Zero, ProgressInterval);
            Task.Run(data.RestoreAsync).PipeTo(Self, Self, () => Restored.Instance, fault => new RestoreFailed(fault));
        }
        else
        {
            OnRestored();
        }
    }

    private void OnRestored()
    {
        foreach (var child in _spec.Children())
        {
            _children[child.Name] = child;
            // A child that runs already does not report again that it is ready.
            if (Start(child) && child.ReportsReady)
            {
                _starting.Add(child.Name);
            }
        }

        _spec.Restores?.Open();
        OnReady("");
    }

    private void OnReady(string child)
    {
        _starting.Remove(child);
        if (_starting.Count == 0 && _spec.ReportsReady)
        {
            _readiness.Ready(_spec.Name);
        }
    }

    private void OnTerminated(IActorRef stopped)
    {
        if (_spec.IsDraining)
        {
            StopWhenDrained();
        }
        else if (_children.TryGetValue(stopped.Path.Name, out var child))
        {
            child.Address?.Detach();
            LogStartedAgain(stopped.Path.ToStringWithoutAddress());
            Start(child);
        }
    }

    private void OnDrain()
    {
        _spec.IsDraining = true;
        WatchChildren();
        foreach (var child in Context.GetChildren())
        {
            child.Tell(_spec.Drain!, ActorRefs.NoSender);
        }

        StopWhenDrained();
    }

    private static void WatchChildren()
    {
        foreach (var child in Context.GetChildren())
        {
            Context.Watch(child);
        }
    }

    private void StopWhenDrained()
    {
        if (!Context.GetChildren().Any())
        {
            Context.Stop(Self);
        }
    }

    /// <summary>Starts and watches the child, unless it runs already. Returns false if it runs already.</summary>
    private static bool Start(ChildSpec spec)
    {
        var child = Context.Child(spec.Name);
        var isNew = child.IsNobody();
        if (isNew)
        {
            child = Context.ActorOf(spec.Props, spec.Name);
        }

        Context.Watch(child);
        spec.Address?.Attach(child);
        return isNew;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} was stopped; it is started again")]
    private partial void LogStartedAgain(string path);
}
