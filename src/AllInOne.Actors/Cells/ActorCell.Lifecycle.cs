namespace AllInOne.Actors;

/// <summary>Creation and restart.</summary>
internal sealed partial class ActorCell
{
    public override void Suspend() => SendSystemMessage(new SuspendMessage());

    public override void Resume(Exception? causedByFailure = null) => SendSystemMessage(new ResumeMessage(causedByFailure));

    public override void Restart(Exception cause)
    {
        if (Worker.IsOnLostThread)
        {
            return;
        }

        Interlocked.Increment(ref _restartsAhead);
        CancelStoppingToken();
        SendSystemMessage(new RecreateMessage(cause));
    }

    public override void Stop()
    {
        if (Worker.IsOnLostThread)
        {
            return;
        }

        _toldToStop = true;
        CancelStoppingToken();
        SendSystemMessage(new TerminateMessage());
    }

    private void Create()
    {
        _state = CellState.Running;
        try
        {
            var actor = _actor = NewActor();
            Worker.Current!.Enter();
            actor.InvokePreStart();
            Worker.Current!.Leave();
            EndMessage();
        }
#pragma warning disable CA1031 // The boundary of the actor's code.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Worker.Current!.Leave();
            ClearActor();
            Fail(exception as ActorInitializationException
                ?? new ActorInitializationException(this, $"Creating {this} failed: {exception.Message}", exception));
        }
    }

    /// <summary>What the constructor has made counts for nothing if the actor was taken from it meanwhile: that is settled before it gets its place.</summary>
    private ActorBase NewActor()
    {
        Worker.Current!.Enter();
        var actor = _props.NewActor();
        TimerScheduler? timers = null;
        if (actor is IWithTimers timed)
        {
            timed.Timers = timers = new TimerScheduler(this);
        }

        if (actor is IWithStash stashing)
        {
            stashing.Stash = new StashQueue(this);
        }

        Worker.Current!.Leave();
        if (!ReferenceEquals(actor.Cell, this))
        {
            throw new ActorInitializationException(this, $"The instance of {_props.Type} was not made for {this}");
        }

        if (timers is not null)
        {
            Parts.Timers = timers;
        }

        return actor;
    }

    private void HandleRecreate(Exception cause)
    {
        if (_state == CellState.Recreating)
        {
            // A restart is under way already: this one only takes back the suspension that came with it.
            HandleResume(null);
            return;
        }

        if (_state != CellState.Running)
        {
            return;
        }

        // Known before the hook: should the hook never end, whoever takes the actor over goes on with the restart.
        Parts.RecreateCause = cause;
        if (_actor is { } actor)
        {
            try
            {
                Worker.Current!.Enter();
                actor.InvokePreRestart(cause, _envelope?.Message);
                Worker.Current!.Leave();
            }
#pragma warning disable CA1031 // A restart goes on whatever the old instance throws.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Worker.Current!.Leave();
                PublishError(new PreRestartException(this, cause, exception, _envelope?.Message));
            }

            ClearActor();
        }
        else
        {
            // Nothing was ever there to restart: creation is tried again, from a clean table. Or it was abandoned, hooks and all.
            Parts.CreatesAfresh = !Parts.IsAbandoned;
            foreach (var child in ChildCells())
            {
                StopChild(child);
            }
        }

        _state = CellState.Recreating;
        FinishRecreateIfAlone();
    }

    private void FinishRecreateIfAlone()
    {
        if (_parts!.StoppingChildren is { Count: > 0 })
        {
            return;
        }

        var cause = _parts.RecreateCause!;
        var survivors = ChildCells();
        var afresh = _parts.CreatesAfresh;
        _parts.CreatesAfresh = false;
        _parts.RecreateCause = null;
        _parts.Failing = null;
        _parts.Perpetrator = null;
        _parts.Restarts++;
        _parts.IsAbandoned = false;
        _envelope = null;
        ResumeSelf();
        if (afresh)
        {
            Create();
        }
        else
        {
            CreateSuccessor(cause);
        }

        if (_actor is null)
        {
            return;
        }

        _system.EventStream.Publish(new ActorRestarted(this, cause));
        foreach (var child in survivors)
        {
            child.Restart(cause);
        }

        HandlePostponedFailures();
    }

    private void CreateSuccessor(Exception cause)
    {
        _state = CellState.Running;
        try
        {
            var actor = _actor = NewActor();
            Worker.Current!.Enter();
            actor.InvokePostRestart(cause);
            Worker.Current!.Leave();
            EndMessage();
        }
#pragma warning disable CA1031 // The boundary of the actor's code.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Worker.Current!.Leave();
            ClearActor();
            Fail(new PostRestartException(this, exception, cause));
        }
    }

    private void ClearActor()
    {
        _actor = null;
        _parts?.ForgetInstance();
    }

    internal void PublishError(Exception exception) =>
        _system.EventStream.Publish(new Error(exception, Path.ToString(), _props.Type, exception.Message));
}
