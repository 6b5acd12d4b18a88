using System.Diagnostics;

namespace AllInOne.Actors;

/// <summary>How an actor ends: children first, then its hook, then what is left in its mailbox, then those who watch.</summary>
internal sealed partial class ActorCell
{
    /// <summary>How many messages of an actor that ends go to the dead letters before its death is told, those that come meanwhile in their order.</summary>
    private const int LettersBeforeClosing = 10_000;

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
}
