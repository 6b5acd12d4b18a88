using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace AllInOne.Actors;

/// <summary>
/// What most actors never need: made with the first restart, stop, failure, trace or stopping token. All of it is changed under a lock
/// on this object, but for what only the actor's own thread writes.
/// </summary>
internal sealed class QueueDetails
{
    private readonly Queue<SystemMessage> _heldBack = [];
    private CancellationTokenSource? _stopping;
    private volatile SystemMessage? _end;
    private volatile bool _isStopAsked;
    private volatile int _restartsAhead;

    /// <summary>Since the start.</summary>
    public int Restarts { get; private set; }

    /// <summary>Restarts that were asked for and have not happened yet.</summary>
    public int RestartsAhead => _restartsAhead;

    public bool IsEndAsked => _isStopAsked || _restartsAhead > 0;

    /// <summary>The stop or restart that waits in the system queue or is in hand.</summary>
    public SystemMessage? End => _end;

    /// <summary>The actor was taken from a cell at least once: a sender may still have that cell in hand.</summary>
    public bool WasAbandoned { get; private set; }

    public ActorFailure? LastFailure { get; set; }

    public MessageTrace[]? Traces { get; set; }

    /// <summary>The traced message in hand, and when it was taken, in ticks of the stopwatch. The actor's thread alone.</summary>
    public (object? Message, IActorRef? Sender, long Since) Traced { get; set; }

    /// <summary>
    /// A system message for the actor. Akka.NET takes all of them from the queue at once; what is behind a stop or a restart would be out of
    /// reach while that one is stuck. So it is held back until the stop or restart is done.
    /// </summary>
    /// <returns>False: it is held back.</returns>
    public bool TryPass(SystemMessage message)
    {
        if (message is Recreate)
        {
            Restarts++;
            _restartsAhead++;
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

    /// <summary>The stop or restart is done: the messages that may follow, up to the next stop or restart.</summary>
    public IEnumerable<SystemMessage> ReleaseBehind(SystemMessage end)
    {
        if (!ReferenceEquals(_end, end))
        {
            // Another thread has released them.
            yield break;
        }

        _end = null;
        while (_end is null && _heldBack.TryDequeue(out var message))
        {
            SetEnd(message);
            yield return message;
        }
    }

    /// <summary>There is no actor any more: all that was held back.</summary>
    public IEnumerable<SystemMessage> ReleaseAll()
    {
        _end = null;
        while (_heldBack.TryDequeue(out var message))
        {
            yield return message;
        }
    }

    /// <param name="failure">What the inspection shows.</param>
    /// <param name="end">The stop or restart that is in hand from here on.</param>
    public void OnAbandoned(ActorFailure failure, SystemMessage end) => (WasAbandoned, LastFailure, Traced, _end) = (true, failure, default, end);

    /// <summary>The actor takes a message: whatever restart was asked for has happened.</summary>
    public void OnMessage()
    {
        if (_restartsAhead != 0)
        {
            _restartsAhead = 0;
        }
    }

    /// <summary>One for each incarnation.</summary>
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

        // Asynchronous: its callbacks are the actor's code.
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
