namespace AllInOne.Actors;

/// <summary>The base of what the runtime throws.</summary>
public abstract class AkkaException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>An actor's constructor or PreStart threw. Its supervisor stops it by default.</summary>
public class ActorInitializationException(IActorRef? actor, string message, Exception? cause = null)
    : AkkaException(message, cause)
{
    public IActorRef? Actor { get; } = actor;
}

/// <summary>PreRestart threw; published, then the restart goes on.</summary>
public sealed class PreRestartException(IActorRef actor, Exception restartException, Exception cause, object? message)
    : ActorInitializationException(
        actor,
        $"PreRestart of {actor} failed (the restart was for {restartException.GetType().Name}, message {message ?? "none"}): {cause.Message}",
        cause);

/// <summary>The new instance's constructor or PostRestart threw.</summary>
public sealed class PostRestartException(IActorRef actor, Exception cause, Exception originalCause)
    : ActorInitializationException(actor, $"PostRestart of {actor} failed ({cause.Message}), original cause: {originalCause.Message}", cause)
{
    public Exception OriginalCause { get; } = originalCause;
}

/// <summary>The actor received <see cref="Kill"/>.</summary>
public sealed class ActorKilledException(string message) : AkkaException(message);

/// <summary>The actor was told to end and did not come out of the message in hand: it was left behind there.</summary>
public sealed class ActorAbandonedException(IActorRef actor)
    : AkkaException($"{actor} did not come out of its message in time and was abandoned");

/// <summary>A watched actor died and the watcher did not handle <see cref="Terminated"/>.</summary>
public sealed class DeathPactException(IActorRef deadActor)
    : AkkaException($"Monitored actor {deadActor} terminated and the death was not handled")
{
    public IActorRef DeadActor { get; } = deadActor;
}

/// <summary>The name is taken among the siblings, or has characters that a path cannot hold.</summary>
public sealed class InvalidActorNameException(string message) : AkkaException(message);

/// <summary>A call that the actor's situation does not allow.</summary>
public sealed class IllegalActorStateException(string message) : AkkaException(message);

/// <summary>No answer came in time.</summary>
public sealed class AskTimeoutException(string message) : AkkaException(message);

/// <summary>A selection found nobody.</summary>
public sealed class ActorNotFoundException(string message, Exception? cause = null) : AkkaException(message, cause);
