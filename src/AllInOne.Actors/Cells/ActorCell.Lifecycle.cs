using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace AllInOne.Actors;

/// <summary>Creation, failure, restart and death.</summary>
internal sealed partial class ActorCell
{
    /// <summary>How many messages of an actor that ends go to the dead letters before its death is told, those that come meanwhile in their order.</summary>
    private const int LettersBeforeClosing = 10_000;

    public override void Suspend() => SendSystemMessage(new SuspendMessage());

    public override void Resume(Exception? causedByFailure = null) => SendSystemMessage(new ResumeMessage(causedByFailure));

    public override void Restart(Exception cause)
    {
        TellToEnd();
        SendSystemMessage(new RecreateMessage(cause));
    }

    public override void Stop()
    {
        TellToEnd();
        SendSystemMessage(new TerminateMessage());
    }

    private void Create()
    {
        _state = CellState.Running;
        try
        {
            Worker.Current!.Enter();
            _actor = NewActor();
            _actor.InvokePreStart();
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
        if (_state >= CellState.Closing)
        {
            return;
        }

        if (_parts?.Failing is not null)
        {
            // What becomes of this actor is being decided already.
            PublishError(exception);
            return;
        }

        if (Parts.TracedSince != 0)
        {
            EndTracing(Parts, exception);
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
        if (!IsChild(child) || IsEnding)
        {
            return;
        }

        // The decider sees the failed child as its Sender.
        var inHand = _envelope;
        _envelope = new Envelope(cause, child);
        bool handled;
        try
        {
            Worker.Current!.Enter();
            handled = Strategy().HandleFailure(this, child, cause, StatsOf(child), new AllRestartStats(this));
        }
        finally
        {
            Worker.Current!.Leave();
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
        _parts.IsAbandoned = false;
        _toldToEnd = false;
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
            Worker.Current!.Enter();
            _actor = NewActor();
            _actor.InvokePostRestart(cause);
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

    private void HandleTerminate()
    {
        if (IsEnding)
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
            Worker.Current!.Enter();
            _actor?.InvokePostStop();
            Worker.Current!.Leave();
        }
#pragma warning disable CA1031 // Death goes on whatever PostStop throws.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Worker.Current!.Leave();
            PublishError(exception);
        }

        ClearActor();
        _envelope = null;
        Parts.LettersBeforeClosing = LettersBeforeClosing;
        _state = CellState.Closing;
    }

    /// <summary>
    /// Gives away what is in the mailbox of an actor that has ended, for one slice at the most. New letters may come meanwhile and
    /// keep their order. Past a bound the mailbox closes and the death is told all the same: neither a full mailbox nor senders
    /// that never pause keep a dead actor among the living.
    /// </summary>
    private void GiveAwayMessages(Worker worker)
    {
        for (var count = 1; !IsEmptied(); count++)
        {
            if ((count & 15) == 0 && Stopwatch.GetTimestamp() - worker.SliceStart > Dispatcher.SliceTicks)
            {
                return;
            }
        }

        if (_state == CellState.Closing)
        {
            TellDeath();
        }

        _state = CellState.Stopped;
    }

    /// <summary>Gives one message away; true when there is none and none can come.</summary>
    private bool IsEmptied()
    {
        if (_state == CellState.Closing)
        {
            if (_mailbox.TryClose())
            {
                return true;
            }

            if (_parts!.LettersBeforeClosing-- <= 0)
            {
                _mailbox.Close();
                TellDeath();
            }
        }

        return !GiveAwayMessage() && _mailbox.IsClosed;
    }

    private void TellDeath()
    {
        TakeLeaveOf(_systemPending);
        _systemPending = null;
        TakeLeaveOf(_systemInbox.Close());
        _state = CellState.Draining;
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
        foreach (var trace in _parts?.Traces ?? [])
        {
            trace.Complete();
        }

        _parts = null;
    }

    private void TakeLeaveOf(SystemMessage? messages)
    {
        for (var message = messages; message is not null; message = message.Next)
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
                watch.Watcher.SendSystemMessage(new DeathWatchNotification(this, existenceConfirmed: false));
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
