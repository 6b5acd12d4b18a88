using Akka.Actor;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.Jobs;

/// <summary>
/// <c>/user/jobs</c>: restores the definitions from allinone.db, then starts <c>runs</c> and <c>clock</c>. If one of the two fails, only this one is restarted. A child
/// that was stopped is started again. Both read the changes that they missed. A restart of this actor restarts both. When it stops,
/// active runs are cancelled, and the next start finds them without an end.
/// </summary>
internal sealed class JobsSupervisor : ReceiveActor
{
    public const string RunsName = "runs";
    public const string ClockName = "clock";

    private readonly JobStore _store;
    private readonly IReadOnlyDictionary<string, Props> _parts;
    private readonly IReadOnlyDictionary<string, JobDefinition> _builtIn;
    private readonly SupervisionOptions _supervision;
    private readonly Readiness _readiness;
    private readonly HashSet<string> _waitedFor;

    /// <param name="parts">The props of the children, by name.</param>
    public JobsSupervisor(
        JobStore store, IReadOnlyDictionary<string, Props> parts, IReadOnlyDictionary<string, JobDefinition> builtIn, SupervisionOptions supervision,
        Readiness readiness)
    {
        (_store, _parts, _builtIn, _supervision, _readiness) = (store, parts, builtIn, supervision, readiness);
        _waitedFor = [.. parts.Keys];
        Receive<Restored>(_ => OnRestored());
        Receive<Failed>(failed => throw failed.Reason);
        Receive<PartReady>(_ => OnPartReady(Sender.Path.Name));
        Receive<Terminated>(stopped => Start(stopped.ActorRef.Path.Name));
    }

    /// <summary>A child reports that it is ready.</summary>
    public sealed record PartReady
    {
        public static PartReady Instance { get; } = new();
    }

    private sealed record Restored
    {
        public static Restored Instance { get; } = new();
    }

    private sealed record Failed(Exception Reason);

    protected override SupervisorStrategy SupervisorStrategy() => new BackoffStrategy(_supervision);

    protected override void PreStart()
    {
        if (_store.IsRestored)
        {
            OnRestored();
            return;
        }

        var (store, builtIn) = (_store, _builtIn);
        Task.Run(() => store.RestoreAsync(builtIn)).PipeTo(Self, Self, () => Restored.Instance, fault => new Failed(fault));
    }

    // The children stay and are restarted in place. Their mailboxes keep the messages.
    protected override void PreRestart(Exception reason, object? message)
    {
    }

    protected override void PostStop() => _store.Close();

    private void OnRestored()
    {
        // Running children do not report again that they are ready.
        _waitedFor.ExceptWith(_parts.Keys.Where(name => !Context.Child(name).IsNobody()));
        foreach (var name in _parts.Keys)
        {
            Start(name);
        }

        _store.Open();
        OnPartReady("");
    }

    private void OnPartReady(string name)
    {
        _waitedFor.Remove(name);
        if (_waitedFor.Count == 0)
        {
            _readiness.Ready(JobsModule.Name);
        }
    }

    private void Start(string name)
    {
        var child = Context.Child(name);
        Context.Watch(child.IsNobody() ? Context.ActorOf(_parts[name], name) : child);
    }
}
