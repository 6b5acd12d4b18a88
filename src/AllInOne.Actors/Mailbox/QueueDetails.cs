using Akka.Actor;

namespace AllInOne.Actors;

/// <summary>What the account of most actors never needs: made with the first restart, failure, trace or stopping token.</summary>
internal sealed class QueueDetails
{
    private CancellationTokenSource? _stopping;
    private volatile bool _isStopAsked;
    private volatile int _restartsAhead;

    /// <summary>Since the start.</summary>
    public int Restarts { get; private set; }

    /// <summary>Restarts that were asked for and have not happened yet.</summary>
    public int RestartsAhead => _restartsAhead;

    public bool IsStopAsked => _isStopAsked;

    public bool IsEndAsked => _isStopAsked || _restartsAhead > 0;

    public ActorFailure? LastFailure { get; set; }

    /// <summary>Changed under a lock on this object.</summary>
    public MessageTrace[]? Traces { get; set; }

    /// <summary>The traced message in hand, and when it was taken, in ticks of the stopwatch.</summary>
    public (object? Message, IActorRef? Sender, long Since) Traced { get; set; }

    public void OnRestartAsked()
    {
        Restarts++;
        _restartsAhead++;
        CancelStoppingToken();
    }

    public void OnStopAsked()
    {
        _isStopAsked = true;
        CancelStoppingToken();
    }

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
}
