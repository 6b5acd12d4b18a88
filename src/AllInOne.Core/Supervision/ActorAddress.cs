using Akka.Actor;
using AllInOne.Core.Values;

namespace AllInOne.Core.Supervision;

/// <summary>
/// The address of an actor that may be away: the one way to reach an actor of the tree from outside it. Thread-safe. Owned by the module of the
/// actor, so that it outlives the actor. While the actor is away, messages are kept in order and go to the next incarnation. Kept messages
/// are bounded; one more is refused (<see cref="IRefusable"/>).
/// </summary>
/// <param name="name">The name of the actor in messages for people.</param>
/// <param name="capacity">How many messages are kept while the actor is away; 0: all are refused.</param>
internal sealed class ActorAddress(string name, int capacity)
{
    /// <summary>The capacity of most addresses: some seconds of a busy server.</summary>
    public const int UsualCapacity = 200_000;

    private readonly Lock _gate = new();
    private readonly List<(object Message, IActorRef? Sender)> _kept = [];
    private TaskCompletionSource<IActorRef> _attached = New();
    private volatile IActorRef? _actor;

    /// <summary>The actor, or null while it is away.</summary>
    public IActorRef? Current => _actor;

    /// <summary>The number of messages that wait: in the mailbox of the actor, or here while it is away.</summary>
    public int Pending => _actor is ActorRefWithCell actor ? actor.Underlying.NumberOfMessages : Kept;

    /// <summary>Sends a message. Never waits.</summary>
    public void Tell(object message, IActorRef? sender = null)
    {
        if (_actor is { } actor)
        {
            actor.Tell(message, sender);
        }
        else
        {
            Keep(message, sender);
        }
    }

    /// <summary>Asks the actor. The question is sent at once if the actor is attached, otherwise when it is back.</summary>
    /// <param name="timeout">How long to wait for the answer; null: for ever.</param>
    /// <exception cref="UnavailableException">The question was refused, or no answer came in time.</exception>
    public async Task<object> AskAsync(object question, TimeSpan? timeout, CancellationToken cancel)
    {
        if (capacity == 0 && _actor is null)
        {
            throw new UnavailableException(Away);
        }

        try
        {
            var actor = _actor ?? await WhenAttached(timeout ?? Timeout.InfiniteTimeSpan, cancel).ConfigureAwait(false);
            var answer = await actor.Ask<object>(question, timeout, cancel).ConfigureAwait(false);
            return answer is Refused refused ? throw new UnavailableException(refused.Reason) : answer;
        }
        catch (Exception late) when (late is TimeoutException or AskTimeoutException)
        {
            throw new UnavailableException($"No answer to {question.GetType().Name} within {timeout}.", late);
        }
    }

    /// <summary>Attaches the actor. It gets the kept messages before any newer message.</summary>
    public void Attach(IActorRef actor)
    {
        lock (_gate)
        {
            foreach (var (message, sender) in _kept)
            {
                actor.Tell(message, sender);
            }

            _kept.Clear();
            _actor = actor;
            _attached.TrySetResult(actor);
        }
    }

    /// <summary>Detaches the actor: it is away from now on.</summary>
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

    private int Kept
    {
        get
        {
            lock (_gate)
            {
                return _kept.Count;
            }
        }
    }

    private string Away => $"{name} is stopped.";

    private static TaskCompletionSource<IActorRef> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Task<IActorRef> WhenAttached(TimeSpan timeout, CancellationToken cancel)
    {
        lock (_gate)
        {
            return _attached.Task.WaitAsync(timeout, cancel);
        }
    }

    private void Keep(object message, IActorRef? sender)
    {
        lock (_gate)
        {
            if (_actor is { } actor)
            {
                // The actor has come back in the meantime.
                actor.Tell(message, sender);
                return;
            }

            if (_kept.Count < capacity)
            {
                _kept.Add((message, sender));
                return;
            }
        }

        (message as IRefusable)?.Refuse(capacity == 0 ? Away : $"{name} is away, and too many messages wait for it.", sender);
    }
}
