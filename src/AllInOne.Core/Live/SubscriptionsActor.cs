namespace AllInOne.Core.Live;

/// <summary>
/// <c>/user/live/subscriptions</c>: the long polls that wait. The log tells it that there is more, coalesced, and it finds out
/// whom that concerns, so that the log's turn costs the same however many wait. After the first match it gathers for a moment.
/// A waiter's time limit and its going away are its own matter (<see cref="Forget"/>). On a restart everyone is woken and comes again.
/// </summary>
internal sealed class SubscriptionsActor(EventRing ring, EventSignal signal, LiveOptions options) : UntypedActor, IWithTimers
{
    private readonly WaiterIndex _waiting = new();
    private readonly List<Waiter> _matched = [];
    private long _examined = ring.Head;

    /// <summary>There are new events.</summary>
    public sealed record Look
    {
        public static Look Instance { get; } = new();
    }

    /// <summary>Wake this one when something comes for it.</summary>
    public sealed record Wait(Waiter Waiter);

    /// <summary>This one no longer waits.</summary>
    public sealed record Forget(Waiter Waiter);

    private sealed record Wake
    {
        public static Wake Instance { get; } = new();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Look:
                Examine();
                break;
            case Wait wait:
                Add(wait.Waiter);
                break;
            case Forget forget:
                _ = _waiting.Remove(forget.Waiter) || _matched.Remove(forget.Waiter);
                break;
            case Wake:
                WakeMatched();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void PreRestart(Exception reason, object? message)
    {
        (message as Wait)?.Waiter.End(WaitOutcome.Woken);
        base.PreRestart(reason, message!);
    }

    protected override void PostStop()
    {
        _waiting.TakeAll(_matched);
        WakeMatched();
    }

    private void Add(Waiter waiter)
    {
        if (_waiting.Count + _matched.Count >= options.MaxWaiters)
        {
            waiter.End(WaitOutcome.Refused);
            return;
        }

        // It has looked as far as its Since; those who wait already have been looked for as far as _examined.
        if (_waiting.Count == 0)
        {
            _examined = Math.Max(_examined, waiter.Since);
        }

        _waiting.Add(waiter);
        Examine(from: Math.Min(_examined, waiter.Since), only: waiter);
        Examine();
    }

    private void Examine(long from, Waiter only)
    {
        for (var seq = Math.Max(from + 1, ring.First); seq <= _examined; seq++)
        {
            if (ring.Find(seq) is not { } found || only.Topics.Matches(found.Topic))
            {
                _waiting.Remove(only);
                _matched.Add(only);
                Gather();
                return;
            }
        }
    }

    private void Examine()
    {
        if (_waiting.Count == 0)
        {
            // Left raised: while nobody waits there is nothing to be told.
            return;
        }

        signal.Lower();
        var head = ring.Head;
        for (var seq = Math.Max(_examined + 1, ring.First); seq <= head && _waiting.Count > 0; seq++)
        {
            if (ring.Find(seq) is { } found)
            {
                _waiting.Take(found.Topic, _matched);
            }
            else
            {
                // The ring has come round: nobody can tell what was missed.
                _waiting.TakeAll(_matched);
            }
        }

        _examined = head;
        Gather();
    }

    private void Gather()
    {
        if (_matched.Count == 0)
        {
            return;
        }

        if (options.GatherTime <= TimeSpan.Zero)
        {
            WakeMatched();
        }
        else if (!Timers.IsTimerActive(Wake.Instance))
        {
            Timers.StartSingleTimer(Wake.Instance, Wake.Instance, options.GatherTime);
        }
    }

    private void WakeMatched()
    {
        foreach (var waiter in _matched)
        {
            waiter.End(WaitOutcome.Woken);
        }

        _matched.Clear();
    }
}
