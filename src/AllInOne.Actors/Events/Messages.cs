namespace AllInOne.Actors;

/// <summary>Messages that the runtime answers before the actor sees them.</summary>
public interface IAutoReceivedMessage;

/// <summary>Messages that may find nobody home in the ordinary course of things: published apart from dead letters.</summary>
public interface IDeadLetterSuppression;

/// <summary>Messages that do not count as activity for a receive timeout.</summary>
public interface INotInfluenceReceiveTimeout;

/// <summary>Stops the actor after all that was queued before it.</summary>
public sealed class PoisonPill : IAutoReceivedMessage, IDeadLetterSuppression
{
    public static PoisonPill Instance { get; } = new();

    private PoisonPill()
    {
    }

    public override string ToString() => "<PoisonPill>";
}

/// <summary>Makes the actor fail with an <see cref="ActorKilledException"/>; its supervisor decides what follows.</summary>
public sealed class Kill : IAutoReceivedMessage
{
    public static Kill Instance { get; } = new();

    private Kill()
    {
    }

    public override string ToString() => "<Kill>";
}

/// <summary>Any actor answers it with an <see cref="ActorIdentity"/>.</summary>
/// <param name="MessageId">Comes back in the answer.</param>
public sealed record Identify(object? MessageId) : IAutoReceivedMessage, INotInfluenceReceiveTimeout;

/// <summary>The answer to <see cref="Identify"/>.</summary>
/// <param name="Subject">The actor; null when there is none.</param>
public sealed record ActorIdentity(object? MessageId, IActorRef? Subject);

/// <summary>A watched actor has stopped; it comes after the actor's PostStop.</summary>
public sealed class Terminated : IAutoReceivedMessage, IDeadLetterSuppression
{
    internal Terminated(IActorRef actorRef, bool existenceConfirmed)
    {
        ActorRef = actorRef;
        ExistenceConfirmed = existenceConfirmed;
    }

    /// <summary>Who stopped.</summary>
    public IActorRef ActorRef { get; }

    /// <summary>True when the watch was in place while the actor lived; false when it found it dead.</summary>
    public bool ExistenceConfirmed { get; }

    public override string ToString() => $"<Terminated>: {ActorRef}";
}

/// <summary>Told to an actor that has received nothing for the time set by <c>SetReceiveTimeout</c>.</summary>
public sealed class ReceiveTimeout : IDeadLetterSuppression
{
    public static ReceiveTimeout Instance { get; } = new();

    private ReceiveTimeout()
    {
    }
}

/// <summary>Outcomes as messages: what a failed <c>PipeTo</c> tells, and what makes an Ask throw.</summary>
public abstract class Status
{
    private Status()
    {
    }

    /// <summary>It worked.</summary>
    public sealed class Success(object? status) : Status
    {
        public object? Status { get; } = status;
    }

    /// <summary>It failed with <see cref="Cause"/>.</summary>
    public sealed class Failure(Exception cause) : Status
    {
        public Exception Cause { get; } = cause;

        public override string ToString() => $"Failure: {Cause.Message}";
    }
}
