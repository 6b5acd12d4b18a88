using Akka.Actor;
using AllInOne.Core.State.Shards;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.State;

/// <summary>
/// <c>/user/state</c>: brings the keys back from state.db, then starts one actor for each shard. A shard that fails is restarted, one that was
/// stopped comes back; its keys and its queue are there meanwhile. Its own restart leaves the shards running. When it stops, what waits is
/// refused and what is not written is given to the writer.
/// </summary>
internal sealed class StateSupervisor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(200);

    private readonly StateStore _store;
    private readonly StateOptions _options;
    private readonly SupervisionOptions _supervision;
    private readonly Readiness _readiness;

    public StateSupervisor(StateStore store, StateOptions options, SupervisionOptions supervision, Readiness readiness)
    {
        (_store, _options, _supervision, _readiness) = (store, options, supervision, readiness);
        Receive<Restored>(_ => OnRestored());
        Receive<Failed>(failed => throw failed.Reason);
        Receive<LookAtProgress>(_ => _readiness.NotReady(StateModule.Name, $"restoring: {_store.Restoring?.Rows ?? 0} keys are back"));
        Receive<Terminated>(stopped => Start(stopped.ActorRef.Path.Name));
    }

    private sealed record Restored
    {
        public static Restored Instance { get; } = new();
    }

    private sealed record Failed(Exception Reason);

    private sealed record LookAtProgress
    {
        public static LookAtProgress Instance { get; } = new();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override SupervisorStrategy SupervisorStrategy() => new BackoffStrategy(_supervision);

    protected override void PreStart()
    {
        if (_store.IsRestored)
        {
            OnRestored();
            return;
        }

        Timers.StartPeriodicTimer(LookAtProgress.Instance, LookAtProgress.Instance, TimeSpan.Zero, LookInterval);
        Task.Run(_store.RestoreAsync).PipeTo(Self, Self, () => Restored.Instance, fault => new Failed(fault));
    }

    // The shards stay.
    protected override void PreRestart(Exception reason, object? message)
    {
    }

    protected override void PostStop() => _store.Close();

    private void OnRestored()
    {
        Timers.CancelAll();
        foreach (var shard in _store.Shards)
        {
            Start(StateModule.ShardName(shard));
        }

        _store.Open();
        _readiness.Ready(StateModule.Name);
    }

    private void Start(string name)
    {
        var child = Context.Child(name);
        if (child.IsNobody())
        {
            var (shard, options) = (_store.Shards.First(one => StateModule.ShardName(one) == name), _options);
            child = Context.ActorOf(Props.Create(() => new StateShardActor(shard, options)), name);
        }

        Context.Watch(child);
    }
}
