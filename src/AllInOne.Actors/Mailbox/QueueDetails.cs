using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace AllInOne.Actors;

/// <summary>
/// State that most actors never need. It is created with the first restart, failure, trace, stopping token or abandonment of an actor. The
/// thread that owns the actor writes it, except for the traces and the token, which are protected by a lock on this object.
/// </summary>
internal sealed class QueueDetails
{
    private CancellationTokenSource? _stopping;
    private SystemMessage? _inherited;
    private volatile bool _isRestarting;
    private int _incarnation;

    /// <summary>The number of complete restarts since the start of the actor.</summary>
    public int Restarts { get; private set; }

    /// <summary>A restart has begun and is not complete: the hooks of the old instance run, its children stop, or the new instance starts.</summary>
    public bool IsRestarting => _isRestarting;

    /// <summary>The number of restarts that have begun.</summary>
    public int Incarnation
    {
        get
        {
            lock (this)
            {
                return _incarnation;
            }
        }
    }

    public ActorFailure? LastFailure { get; set; }

    public MessageTrace[]? Traces { get; set; }

    /// <summary>The current traced message and its start in stopwatch ticks. Only for the actor's thread.</summary>
    public (object? Message, IActorRef? Sender, long Since) Traced { get; set; }

    /// <summary>A restart begins. The token of the old instance is cancelled here, if the sender of the restart has not done it yet.</summary>
    public void BeginRestart()
    {
        CancelStoppingToken(Incarnation);
        lock (this)
        {
            _incarnation++;
        }

        _isRestarting = true;
    }

    public void EndRestart()
    {
        Restarts++;
        _isRestarting = false;
    }

    /// <summary>Whether <see cref="TakeInherited"/> has messages. Akka.NET does not see them in the mailbox.</summary>
    public bool HasInherited => _inherited is not null;

    /// <summary>Leaves system messages that were taken from the mailbox to the next thread that runs the actor.</summary>
    public void Inherit(SystemMessage? messages) => _inherited = messages;

    /// <summary>The system messages that come before those of the mailbox.</summary>
    public SystemMessage? TakeInherited()
    {
        var inherited = _inherited;
        _inherited = null;
        return inherited;
    }

    /// <summary>The stopping token of the current incarnation.</summary>
    public CancellationToken StoppingToken()
    {
        lock (this)
        {
            return (_stopping ??= new CancellationTokenSource()).Token;
        }
    }

    /// <summary>Cancels the token of an incarnation; without effect if the actor has restarted since.</summary>
    public void CancelStoppingToken(int incarnation)
    {
        CancellationTokenSource? ending = null;
        lock (this)
        {
            if (incarnation == _incarnation)
            {
                (ending, _stopping) = (_stopping, null);
            }
        }

        // Asynchronous, because the callbacks of the token are code of the actor.
        _ = ending?.CancelAsync();
    }
}
