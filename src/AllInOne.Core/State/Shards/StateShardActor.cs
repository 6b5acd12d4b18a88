using Akka.Actor;
using AllInOne.Core.State.Commands;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.State.Shards;

/// <summary>
/// <c>/user/state/{n}</c>: the only writer of its keys, which are in a <see cref="StateShard"/>. The next incarnation has the same keys: after a
/// failure it checks the table once. Commands wait in the mailbox. The changes of durable commands are written together, when all commands that were
/// pending have run.
/// </summary>
internal sealed class StateShardActor : TreeActor, IWithTimers
{
    private readonly StateShard _shard;
    private readonly TimeSpan _beat;
    private readonly object _owner = new();
    private bool _isBatchOpen;

    public StateShardActor(StateShard shard, StateOptions options) => (_shard, _beat) = (shard, options.WriteInterval);

    /// <summary>
    /// Write the changes of the durable commands together. This message is in the mailbox behind all commands that were pending at the first durable
    /// command.
    /// </summary>
    public sealed record EndBatch
    {
        public static EndBatch Instance { get; } = new();
    }

    /// <summary>The write interval is over: write the changes.</summary>
    public sealed record Beat
    {
        public static Beat Instance { get; } = new();
    }

    /// <summary>A key that commands wait for may have expired.</summary>
    public sealed record Alarm(string Key);

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _shard.Attach(_owner);
        _shard.EndBatch(_owner);
        Timers.StartPeriodicTimer(Beat.Instance, Beat.Instance, _beat);
        SetAlarms();
    }

    protected override void PostStop() => _shard.Flush();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case StateCommand command:
                OnCommand(command);
                break;
            case EndBatch:
                _isBatchOpen = false;
                _shard.EndBatch(_owner);
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

    private void OnCommand(StateCommand command)
    {
        _shard.Run(_owner, command);
        if (_shard.Writes.HasDurable && !_isBatchOpen)
        {
            _isBatchOpen = true;
            Self.Tell(EndBatch.Instance);
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
