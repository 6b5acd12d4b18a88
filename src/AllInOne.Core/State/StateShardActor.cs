using Akka.Actor;

namespace AllInOne.Core.State;

/// <summary>
/// <c>/user/state/{n}</c>: the one writer of its keys. All that it works on belongs to <see cref="StateShard"/>, so that it comes back with its
/// keys: a failure costs the command in hand, which is answered as failed, and a look over the table.
/// </summary>
internal sealed class StateShardActor : ReceiveActor, IWithTimers
{
    private readonly StateShard _shard;
    private readonly TimeSpan _beat;
    private readonly object _owner = new();

    public StateShardActor(StateShard shard, StateOptions options)
    {
        (_shard, _beat) = (shard, options.WriteInterval);
        Receive<Work>(_ => OnWork());
        Receive<Beat>(_ => OnBeat());
        Receive<Alarm>(alarm =>
        {
            _shard.Alarm(alarm.Key);
            SetAlarms();
        });
    }

    /// <summary>There are commands in the queue.</summary>
    public sealed record Work
    {
        public static Work Instance { get; } = new();
    }

    /// <summary>The write interval is over.</summary>
    public sealed record Beat
    {
        public static Beat Instance { get; } = new();
    }

    /// <summary>A lock that somebody waits for may have ended.</summary>
    public sealed record Alarm(string Key);

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        var self = Self;
        _shard.Attach(_owner, () => self.Tell(Work.Instance, ActorRefs.NoSender));
        Timers.StartPeriodicTimer(Beat.Instance, Beat.Instance, _beat);
        SetAlarms();
    }

    // The timers go with this instance; the shard stays for the next one.
    protected override void PreRestart(Exception reason, object? message)
    {
    }

    protected override void PostStop() => _shard.Flush();

    private void OnWork()
    {
        if (_shard.Work(_owner))
        {
            Self.Tell(Work.Instance);
        }

        SetAlarms();
    }

    private void OnBeat()
    {
        if (_shard.Beat())
        {
            Self.Tell(Beat.Instance);
        }

        SetAlarms();
    }

    private void SetAlarms()
    {
        foreach (var (key, after) in _shard.TakeAlarms())
        {
            Timers.StartSingleTimer(key, new Alarm(key), after);
        }
    }
}
