using System.Runtime.ExceptionServices;

namespace AllInOne.Actors;

/// <summary>Creation, failure, restart and death.</summary>
internal sealed partial class ActorCell
{
    /// <summary>How many messages that come while an actor ends still keep their order among the dead letters.</summary>
    private const int LettersBeforeClosing = 10_000;

    public override void Suspend() => SendSystemMessage(new SuspendMessage());

    public override void Resume(Exception? causedByFailure = null) => SendSystemMessage(new ResumeMessage(causedByFailure));

    public override void Restart(Exception cause) => SendSystemMessage(new RecreateMessage(cause));

    public override void Stop() => SendSystemMessage(new TerminateMessage());

    private void Create()
    {
        _state = CellState.Running;
        try
        {
            _actor = NewActor();
            _actor.InvokePreStart();
            EndMessage();
        }
#pragma warning disable CA1031 // The boundary of the actor's code.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            ClearActor();
            Fail(exception as ActorInitializationException
                ?? new ActorInitializationException(this, $"Creating {this} failed: {exception.Message}", exception));
        }
    }

    private ActorBase NewActor()
    {
        var actor = _props.NewActor();
        if (!ReferenceEquals(actor.Cell, this))
        {
            throw new ActorInitializationException(this, $"The instance of {_props.Type} was not made for {this}");
        }

        if (actor is IWithStash stashing)
        {
            stashing.Stash = new StashQueue(this);
        }

        if (actor is IWithTimers timed)
        {
            timed.Timers = Parts.Timers = new TimerScheduler(this);
        }

        return actor;
    }

    /// <summary>Suspends this actor and its children and tells the supervisor; the message in hand is kept for PreRestart.</summary>
    private void Fail(Exception exception, ActorCell? perpetrator = null)
    {
        if (_state is CellState.Stopped)
        {
            return;
        }

        if (_parts?.Failing is not null)
        {
            // What becomes of this actor is being decided already.
            PublishError(exception);
            return;
        }

        Parts.Failing = exception;
        Parts.LastFailure = new ActorFailure(_system.TimeProvider.GetUtcNow(), exception, _envelope?.Message);
        Parts.Perpetrator = perpetrator;
        _suspensions++;
        SuspendChildren(except: perpetrator);
        if (_parent is null)
        {
            _system.RootFailed(exception);
            return;
        }

        _parent.SendSystemMessage(new FailedMessage(this, exception));
    }

    private void HandleFailed(ActorCell child, Exception cause)
    {
        if (!IsChild(child) || _state == CellState.Stopping)
        {
            return;
        }

        // The decider sees the failed child as its Sender.
        var inHand = _envelope;
        _envelope = new Envelope(cause, child);
        bool handled;
        try
        {
            handled = Strategy().HandleFailure(this, child, cause, StatsOf(child), new AllRestartStats(this));
        }
        finally
        {
            _envelope = inHand;
        }

        if (handled)
        {
            return;
        }

        if (_parts!.Failing is not null || _state == CellState.Recreating)
        {
            // This actor waits for a decision about itself: the child's turn comes after it.
            (_parts.PostponedFailures ??= new Queue<FailedMessage>()).Enqueue(new FailedMessage(child, cause));
            return;
        }

        ExceptionDispatchInfo.Throw(cause);
    }

    private SupervisorStrategy Strategy() => _actor is null
        ? _props.SupervisorStrategy ?? SupervisorStrategy.DefaultStrategy
        : Parts.Strategy ??= _actor.InvokeSupervisorStrategy(_props);

    /// <summary>A decision about this actor has been carried out: now for those of its children's failures that it could not pass on before.</summary>
    private void HandlePostponedFailures()
    {
        while (_parts is { Failing: null, PostponedFailures: { } postponed } && postponed.TryDequeue(out var failed))
        {
            SendSystemMessage(failed);
        }
    }

    private void HandleResume(Exception? causedByFailure)
    {
        if (_actor is null && _state == CellState.Running)
        {
            // There is no instance to go on with: its creation failed.
            HandleRecreate(causedByFailure ?? new InvalidOperationException("resumed without an instance"));
            return;
        }

        var perpetrator = _parts?.Perpetrator;
        if (causedByFailure is not null && _parts is not null)
        {
            _parts.Failing = null;
            _parts.Perpetrator = null;
            if (!IsAwaiting)
            {
                // Else the failure was a child's, and this instance still has a message in hand.
                _envelope = null;
            }
        }

        ResumeSelf();
        foreach (var child in ChildCells())
        {
            child.Resume(ReferenceEquals(child, perpetrator) ? causedByFailure : null);
        }

        HandlePostponedFailures();
    }

    private void ResumeSelf()
    {
        if (_suspensions > 0)
        {
            _suspensions--;
        }
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

        if (_actor is { } actor)
        {
            try
            {
                actor.InvokePreRestart(cause, _envelope?.Message);
            }
#pragma warning disable CA1031 // A restart goes on whatever the old instance throws.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                PublishError(new PreRestartException(this, cause, exception, _envelope?.Message));
            }

            ClearActor();
        }
        else
        {
            // Nothing was ever there to restart: creation is tried again, from a clean table.
            Parts.CreatesAfresh = true;
            foreach (var child in ChildCells())
            {
                StopChild(child);
            }
        }

        Parts.RecreateCause = cause;
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
            _actor = NewActor();
            _actor.InvokePostRestart(cause);
            EndMessage();
        }
#pragma warning disable CA1031 // The boundary of the actor's code.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            ClearActor();
            Fail(new PostRestartException(this, exception, cause));
        }
    }

    private void HandleTerminate()
    {
        if (_state is CellState.Stopping or CellState.Stopped)
        {
            return;
        }

        _parts?.CancelReceiveTimeout();
        CloseNursery();
        foreach (var child in ChildCells())
        {
            StopChild(child);
        }

        FinishTerminateIfAlone();
    }

    private void FinishTerminateIfAlone()
    {
        if (_parts?.Children is { Count: > 0 })
        {
            return;
        }

        try
        {
            _actor?.InvokePostStop();
        }
#pragma warning disable CA1031 // Death goes on whatever PostStop throws.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            PublishError(exception);
        }

        ClearActor();
        _envelope = null;
        _state = CellState.Stopped;
        CloseMailboxes();
        if (_parent is null)
        {
            _system.RootTerminated();
        }
        else
        {
            _parent.SendSystemMessage(new DeathWatchNotification(this));
        }

        TellWatchers();
        UnwatchAll();
        _parts = null;
    }

    private void CloseMailboxes()
    {
        for (var message = _systemInbox.Close(); message is not null; message = message.Next)
        {
            if (message is WatchMessage watch)
            {
                Parts.AddWatcher(watch.Watcher);
            }
            else
            {
                AnswerForTheDead(message);
            }
        }

        // While the letters are given away new ones may come; senders that never pause do not keep it open for ever.
        for (var left = _mailbox.Count + LettersBeforeClosing; left > 0 && !_mailbox.TryClose(); left--)
        {
            GiveAwayMessage();
        }

        _mailbox.Close();
        while (GiveAwayMessage())
        {
        }
    }

    private bool GiveAwayMessage()
    {
        if (_mailbox.Take() is not { } envelope)
        {
            return false;
        }

        _system.DeadLetterRef.Publish(envelope.Message, envelope.Sender, this);
        return true;
    }

    private void AnswerForTheDead(SystemMessage message)
    {
        switch (message)
        {
            case WatchMessage watch:
                watch.Watcher.SendSystemMessage(new DeathWatchNotification(this));
                break;
            case ContinueMessage continuation:
                continuation.RunOutside();
                break;
            default:
                break;
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
