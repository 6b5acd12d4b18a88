namespace AllInOne.Actors;

/// <summary>
/// What happens when this actor is told to end while it is in a message that does not end. Its thread is in code that cannot be
/// stopped, so the actor is taken from the thread: another worker goes on with it, without the stuck instance and without its
/// hooks. Whatever the stuck code still does through the actor has no effect.
/// </summary>
internal sealed partial class ActorCell
{
    /// <summary>A stop or a restart is under way.</summary>
    public bool IsToldToEnd => _toldToStop || Volatile.Read(ref _restartsAhead) > 0 || _parts?.RecreateCause is not null;

    /// <summary>For code in a long message: cancelled when the actor is told to end.</summary>
    public CancellationToken StoppingToken()
    {
        var ending = Parts.Ending ??= new CancellationTokenSource();
        Interlocked.MemoryBarrier();
        if (IsToldToEnd)
        {
            ending.Cancel();
        }

        return ending.Token;
    }

    /// <summary>By the monitor, which has just taken the actor from its thread: hands it to the next one.</summary>
    public void TakeOver(long busyTicks)
    {
        _busyTicks += busyTicks;
        _takenOver = true;
        Volatile.Write(ref _worker, null);
        _system.Dispatcher.ScheduleUrgent(this);
    }

    private void CancelStoppingToken()
    {
        Interlocked.MemoryBarrier();
        _ = _parts?.Ending?.CancelAsync();
    }

    private void GoOnAfterAbandoning()
    {
        _takenOver = false;
        Parts.IsAbandoned = _actor is not null;
        Parts.LastFailure = new ActorFailure(_system.TimeProvider.GetUtcNow(), new ActorAbandonedException(this), _envelope?.Message);
        Parts.TracedSince = 0;
        ClearActor();
        _envelope = null;
        if (_state == CellState.Running && Parts.RecreateCause is { } cause)
        {
            HandleRecreate(cause);
            return;
        }

        // Where no end is under way, the order to end waits among the system messages.
        GoOnEndingIfAlone();
    }
}
