using System.Runtime.ExceptionServices;

namespace AllInOne.Actors;

/// <summary>Failure: this actor's own, and those of its children that it decides about.</summary>
internal sealed partial class ActorCell
{
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

    private SupervisorStrategy Strategy()
    {
        if (_actor is not { } actor)
        {
            return _props.SupervisorStrategy ?? SupervisorStrategy.DefaultStrategy;
        }

        if (_parts?.Strategy is not { } strategy)
        {
            strategy = actor.InvokeSupervisorStrategy(_props);
            using var grip = Worker.Hold();
            Parts.Strategy = strategy;
        }

        return strategy;
    }

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
}
