using Akka.Actor;
using AllInOne.Core.Values;

namespace AllInOne.Core.Supervision;

/// <summary>
/// The address of an actor that may be away. Thread-safe; the actor may stop and be started again. While it is away, messages
/// are kept in order and go to the next incarnation: first the messages that the previous one had not handled (<see cref="Reclaim"/>), then
/// the later messages. Kept messages are bounded; one more is refused. Owned by the module of that actor.
/// </summary>
/// <param name="capacity">How many messages are kept while the actor is away.</param>
/// <param name="refuse">Answers a message that is not kept.</param>
internal sealed class ActorAddress(int capacity, Action<object, IActorRef?> refuse)
{
    private readonly Lock _gate = new();
    private readonly List<(object Message, IActorRef? Sender)> _reclaimed = [];
    private readonly List<(object Message, IActorRef? Sender)> _kept = [];
    private TaskCompletionSource<IActorRef> _attached = New();
    private volatile IActorRef? _actor;

    /// <summary>The actor, or null while it is away.</summary>
    public IActorRef? Current => _actor;

    public void Tell(object message, IActorRef? sender = null)
    {
        if (_actor is { } actor)
        {
            actor.Tell(message, sender);
        }
        else
        {
            Keep(_kept, message, sender);
        }
    }

    /// <summary>Asks the actor. The question is sent at once if the actor is here, otherwise when it is back.</summary>
    /// <param name="timeout">Null: the answer is awaited for ever.</param>
    /// <exception cref="UnavailableException">No answer came in time.</exception>
    public async Task<object> AskAsync(object question, TimeSpan? timeout, CancellationToken cancel)
    {
        try
        {
            var actor = _actor ?? await WhenAttached(timeout ?? Timeout.InfiniteTimeSpan, cancel).ConfigureAwait(false);
            return await actor.Ask<object>(question, timeout, cancel).ConfigureAwait(false);
        }
        catch (Exception late) when (late is TimeoutException or AskTimeoutException)
        {
            throw new UnavailableException($"No answer to {question.GetType().Name} within {timeout}.", late);
        }
    }

    /// <summary>The actor is here; it gets what was kept before anything newer.</summary>
    public void Attach(IActorRef actor)
    {
        lock (_gate)
        {
            foreach (var (message, sender) in _reclaimed.Concat(_kept))
            {
                actor.Tell(message, sender);
            }

            _reclaimed.Clear();
            _kept.Clear();
            _actor = actor;
            _attached.TrySetResult(actor);
        }
    }

    /// <summary>The actor is gone: from here on messages are kept.</summary>
    public void Detach()
    {
        lock (_gate)
        {
            _actor = null;
            if (_attached.Task.IsCompleted)
            {
                _attached = New();
            }
        }
    }

    /// <summary>A message of the dead actor that it had not handled.</summary>
    /// <param name="dead">The actor that died.</param>
    /// <param name="message">The message.</param>
    /// <param name="sender">Who had sent it.</param>
    public void Reclaim(IActorRef dead, object message, IActorRef? sender)
    {
        if (_actor is { } actor && !actor.Equals(dead))
        {
            actor.Tell(message, sender);
        }
        else
        {
            Keep(_reclaimed, message, sender);
        }
    }

    private static TaskCompletionSource<IActorRef> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Task<IActorRef> WhenAttached(TimeSpan timeout, CancellationToken cancel)
    {
        lock (_gate)
        {
            return _attached.Task.WaitAsync(timeout, cancel);
        }
    }

    private void Keep(List<(object Message, IActorRef? Sender)> place, object message, IActorRef? sender)
    {
        lock (_gate)
        {
            // It may have come back meanwhile. A reclaimed message finds the dead one still attached: that is no successor.
            if (ReferenceEquals(place, _kept) && _actor is { } actor)
            {
                actor.Tell(message, sender);
                return;
            }

            if (_kept.Count + _reclaimed.Count < capacity)
            {
                place.Add((message, sender));
                return;
            }
        }

        refuse(message, sender);
    }
}
