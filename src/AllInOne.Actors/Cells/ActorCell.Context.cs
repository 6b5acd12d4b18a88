namespace AllInOne.Actors;

/// <summary>What the actor itself sees: its context.</summary>
internal sealed partial class ActorCell
{
    public IActorRef Self => this;

    public Props Props => _props;

    public IActorRef Sender => _envelope?.Sender ?? _system.DeadLetters;

    public ActorSystem System => _system;

    IActorRef IActorContext.Parent => Parent;

    TimeSpan? IActorContext.ReceiveTimeout => _parts?.ReceiveTimeout;

    /// <summary>The message in hand, for the stash.</summary>
    public Envelope? InHand => _envelope;

    public void Become(Receive receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        using var grip = Worker.Hold();
        var behaviors = Parts.Behaviors ??= new Stack<Receive>(1);
        behaviors.TryPop(out _);
        behaviors.Push(receive);
    }

    public void BecomeStacked(Receive receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        using var grip = Worker.Hold();
        (Parts.Behaviors ??= new Stack<Receive>(2)).Push(receive);
    }

    public void UnbecomeStacked()
    {
        using var grip = Worker.Hold();
        _parts?.Behaviors?.TryPop(out _);
    }

    public IActorRef ActorOf(Props props, string? name = null) => AddChild(props, name);

    public IActorRef Child(string name) => FindChild(name) as IActorRef ?? ActorRefs.Nobody;

    public IEnumerable<IActorRef> GetChildren() => ChildCells();

    public ActorSelection ActorSelection(string path) => new(_system, this, path);

    public IActorRef Watch(IActorRef subject)
    {
        WatchFor(subject, null);
        return subject;
    }

    public IActorRef WatchWith(IActorRef subject, object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        WatchFor(subject, message);
        return subject;
    }

    public IActorRef Unwatch(IActorRef subject)
    {
        using var grip = Worker.Hold();
        if (_parts?.Watching?.Remove(subject) == true)
        {
            ((InternalActorRef)subject).SendSystemMessage(new UnwatchMessage(this));
        }

        _parts?.TerminatedQueued?.Remove(subject);
        return subject;
    }

    public void SetReceiveTimeout(TimeSpan? timeout)
    {
        if (timeout <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "A receive timeout is longer than zero, or null for none.");
        }

        using var grip = Worker.Hold();
        Parts.CancelReceiveTimeout();
        Parts.ReceiveTimeout = timeout;
    }

    public void Stop(IActorRef actor)
    {
        using var grip = Worker.Hold();
        if (actor is ActorCell child && ReferenceEquals(child.ParentCell, this))
        {
            StopChild(child);
        }
        else
        {
            ((IInternalActorRef)actor).Stop();
        }
    }

    /// <summary>Puts messages back before those that wait, the first of the list first.</summary>
    public void PutBack(IReadOnlyList<Envelope> envelopes)
    {
        if (!ReferenceEquals(Current, this))
        {
            throw new IllegalActorStateException("A stash is used inside message handling only, by its own actor.");
        }

        for (var i = envelopes.Count - 1; i >= 0; i--)
        {
            if (envelopes[i].Message is Terminated terminated)
            {
                // It was taken off the list when it was stashed; without this it would pass for an unwatched one.
                (Parts.TerminatedQueued ??= []).Add(terminated.ActorRef);
            }

            _mailbox.PutFirst(envelopes[i]);
        }
    }

    private void WatchFor(IActorRef subject, object? replacement)
    {
        ArgumentNullException.ThrowIfNull(subject);
        using var grip = Worker.Hold();
        if (ReferenceEquals(subject, this))
        {
            return;
        }

        if ((Parts.Watching ??= []).TryAdd(subject, replacement))
        {
            ((InternalActorRef)subject).SendSystemMessage(new WatchMessage(this));
        }
    }
}
