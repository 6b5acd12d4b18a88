using Akka.Actor;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.Jobs;

/// <summary>
/// <c>/user/jobs</c>: brings the definitions back from allinone.db, then starts <c>runs</c> and <c>clock</c>. Either of them that fails is restarted alone, one
/// that was stopped comes back, and each finds what it has missed. Its own restart is one of both. When it stops,
/// what goes on is told to end, and the next start finds it without an end.
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

    /// <param name="parts">By name.</param>
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

    /// <summary>The sender, a part, does its work.</summary>
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

    // The parts stay, to be restarted in place: what they are told meanwhile is in their mailboxes.
    protected override void PreRestart(Exception reason, object? message)
    {
    }

    protected override void PostStop() => _store.Close();

    private void OnRestored()
    {
        // Those that run on do not say again that they do.
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
