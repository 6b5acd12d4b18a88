using Akka.Actor;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.State.Shards;

/// <summary>
/// <c>/user/state/{n}</c>: the one writer of its keys. What it works on belongs to <see cref="StateShard"/>, so that its next incarnation has the
/// same keys: a failure costs the command that was running, which is refused, and one pass over the table.
/// </summary>
internal sealed class StateShardActor : TreeActor, IWithTimers
{
    private readonly StateShard _shard;
    private readonly TimeSpan _beat;
    private readonly object _owner = new();

    public StateShardActor(StateShard shard, StateOptions options) => (_shard, _beat) = (shard, options.WriteInterval);

    /// <summary>Commands are pending.</summary>
    public sealed record Work
    {
        public static Work Instance { get; } = new();
    }

    /// <summary>The write interval is over.</summary>
    public sealed record Beat
    {
        public static Beat Instance { get; } = new();
    }

    /// <summary>A key that commands wait for may have expired.</summary>
    public sealed record Alarm(string Key);

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        var self = Self;
        _shard.Attach(_owner, () => self.Tell(Work.Instance, ActorRefs.NoSender));
        Timers.StartPeriodicTimer(Beat.Instance, Beat.Instance, _beat);
        SetAlarms();
    }

    protected override void PostStop() => _shard.Flush();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Work:
                OnWork();
                break;
            case Beat:
                OnBeat();
                break;
            case Alarm alarm:
                _shard.Alarm(alarm.Key);
                SetAlarms();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

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
