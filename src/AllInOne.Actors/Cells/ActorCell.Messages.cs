namespace AllInOne.Actors;

/// <summary>One user message: from the mailbox through what the runtime itself answers to the actor's behaviour.</summary>
internal sealed partial class ActorCell
{
    private void HandleUserMessage(Envelope envelope, Worker worker)
    {
        _envelope = envelope;
        if (worker.Accounts)
        {
            _handled++;
        }

        worker.Enter();
        try
        {
            if (_parts is { } parts)
            {
                Prepare(parts, envelope);
            }

            Deliver(envelope.Message);
            worker.Leave();
        }
#pragma warning disable CA1031 // As above.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            worker.Leave();
            Fail(exception);
            return;
        }

        if (!IsAwaiting)
        {
            EndMessage();
        }
    }

    private static void Prepare(CellParts parts, Envelope envelope)
    {
        if (parts.ReceiveTimeout is not null && envelope.Message is not INotInfluenceReceiveTimeout)
        {
            parts.CancelReceiveTimeout();
        }

        if (parts.Traces is not null)
        {
            BeginTracing(parts);
        }
    }

    private void EndMessage()
    {
        if (_parts is { } parts)
        {
            if (parts.TracedSince != 0)
            {
                EndTracing(parts, null);
            }

            if (parts.ReceiveTimeout is not null && _state == CellState.Running)
            {
                parts.ArmReceiveTimeout(_system.Scheduler, this);
            }
        }

        _envelope = null;
    }

    private void Deliver(object message)
    {
        switch (message)
        {
            case IAutoReceivedMessage auto:
                ReceiveAutomatically(auto);
                break;
            case TimerMessage timer:
                if (_parts?.Timers?.Unwrap(timer) is { } due)
                {
                    // From here on it is a message like any other: it may be stashed, or be the one in hand of a restart.
                    _envelope = new Envelope(due, this);
                    Deliver(due);
                }

                break;
            default:
                Receive(message);
                break;
        }
    }

    private void ReceiveAutomatically(IAutoReceivedMessage message)
    {
        switch (message)
        {
            case PoisonPill:
                Stop();
                break;
            case Kill:
                throw new ActorKilledException("Kill");
            case Identify identify:
                CurrentSender?.Tell(new ActorIdentity(identify.MessageId, this), this);
                break;
            case Terminated terminated:
                if (_parts?.TerminatedQueued?.Remove(terminated.ActorRef) == true)
                {
                    Receive(terminated);
                }

                break;
            default:
                Receive(message);
                break;
        }
    }

    private void Receive(object message)
    {
        // Held on to: were the actor taken away meanwhile, its next instance would be the wrong one to ask.
        var actor = _actor!;
        var handled = _parts?.Behaviors is { Count: > 0 } behaviors ? behaviors.Peek()(message) : actor.InvokeReceive(message);
        if (!handled)
        {
            Worker.ThrowIfLost();
            if (_parts is { TracedSince: not 0 } parts)
            {
                parts.WasUnhandled = true;
            }

            actor.InvokeUnhandled(message);
        }
    }
}
