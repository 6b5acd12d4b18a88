using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace AllInOne.Actors;

/// <summary>
/// State that most actors never need. It is created with the first restart, stop, failure, trace or stopping token of an actor. It changes
/// only under a lock on this object, except for the members that only the actor's own thread writes.
/// </summary>
internal sealed class QueueDetails
{
    private readonly Queue<SystemMessage> _heldBack = [];
    private CancellationTokenSource? _stopping;
    private volatile SystemMessage? _end;
    private volatile SystemMessage? _endOfAbandoned;
    private volatile bool _isStopAsked;

    /// <summary>Restarts since the start of the actor.</summary>
    public int Restarts { get; private set; }

    /// <summary>
    /// The code that runs now is to end: a stop was requested, or a restart that waits or runs. The restart of an abandoned actor does not
    /// count, because the code that runs then is the start of its new instance. Without this rule a slow start would be abandoned again and again.
    /// </summary>
    public bool IsEndAsked => _isStopAsked || (_end is { } end && !ReferenceEquals(end, _endOfAbandoned));

    public bool IsStopAsked => _isStopAsked;

    /// <summary>The stop or restart that waits in the system queue or runs now.</summary>
    public SystemMessage? End => _end;

    /// <summary>The actor was abandoned at least once, so a sender may still use a previous cell.</summary>
    public bool WasAbandoned { get; private set; }

    public ActorFailure? LastFailure { get; set; }

    public MessageTrace[]? Traces { get; set; }

    /// <summary>The current traced message and its start in stopwatch ticks. Only for the actor's thread.</summary>
    public (object? Message, IActorRef? Sender, long Since) Traced { get; set; }

    /// <summary>
    /// Registers a system message for the actor. Akka.NET takes all system messages from the queue at once. If a stop or a restart got stuck,
    /// the messages behind it could not be reached. So they are held back until the stop or restart is complete.
    /// </summary>
    /// <returns>False if the message is held back.</returns>
    public bool TryPass(SystemMessage message)
    {
        if (message is Recreate)
        {
            CancelStoppingToken();
        }
        else if (message is Terminate)
        {
            _isStopAsked = true;
            CancelStoppingToken();
        }

        if (_end is not null)
        {
            _heldBack.Enqueue(message);
            return false;
        }

        SetEnd(message);
        return true;
    }

    /// <summary>Called when the stop or restart is complete. Returns the held back messages up to the next stop or restart.</summary>
    public IEnumerable<SystemMessage> ReleaseBehind(SystemMessage end)
    {
        if (!ReferenceEquals(_end, end))
        {
            // Another thread has released the messages.
            yield break;
        }

        _end = null;
        if (end is Recreate)
        {
            Restarts++;
        }

        while (_end is null && _heldBack.TryDequeue(out var message))
        {
            SetEnd(message);
            yield return message;
        }
    }

    /// <summary>Called after the termination of the actor. Returns all held back messages.</summary>
    public IEnumerable<SystemMessage> ReleaseAll()
    {
        _end = null;
        while (_heldBack.TryDequeue(out var message))
        {
            yield return message;
        }
    }

    /// <param name="failure">The failure that the inspection shows.</param>
    /// <param name="end">The stop or restart that runs from now on.</param>
    public void OnAbandoned(ActorFailure failure, SystemMessage end)
    {
        (WasAbandoned, LastFailure, Traced) = (true, failure, default);
        _end = _endOfAbandoned = end;
    }

    /// <summary>The stopping token of the current incarnation.</summary>
    public CancellationToken StoppingToken()
    {
        lock (this)
        {
            return (_stopping ??= new CancellationTokenSource()).Token;
        }
    }

    public void CancelStoppingToken()
    {
        CancellationTokenSource? ending;
        lock (this)
        {
            (ending, _stopping) = (_stopping, null);
        }

        // Asynchronous, because the callbacks of the token are code of the actor.
        _ = ending?.CancelAsync();
    }

    private void SetEnd(SystemMessage message)
    {
        if (message is Recreate or Terminate)
        {
            _end = message;
        }
    }
}
