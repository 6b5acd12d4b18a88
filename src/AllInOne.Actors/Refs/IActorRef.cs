namespace AllInOne.Actors;

/// <summary>Anything a message can be told to: an actor or a selection of actors.</summary>
public interface ICanTell
{
    /// <summary>Sends a message without waiting: at most once, in order for one sender and receiver.</summary>
    /// <param name="message">Any object but null.</param>
    /// <param name="sender">Who an answer goes to; <see cref="ActorRefs.NoSender"/> for nobody.</param>
    void Tell(object message, IActorRef? sender);
}

/// <summary>A handle to one actor, valid on any thread and after the actor's death (messages then become dead letters).</summary>
public interface IActorRef : ICanTell, IEquatable<IActorRef>, IComparable<IActorRef>
{
    /// <summary>Where the actor stands in the tree.</summary>
    ActorPath Path { get; }
}

/// <summary>What a supervisor does to an actor. Application code uses it for administration only.</summary>
public interface IInternalActorRef : IActorRef
{
    /// <summary>The supervisor; <see cref="ActorRefs.Nobody"/> above the root.</summary>
    IInternalActorRef Parent { get; }

    /// <summary>True once the actor has stopped for good.</summary>
    bool IsTerminated { get; }

    /// <summary>Holds user messages back, here and in all children.</summary>
    void Suspend();

    /// <summary>Lets a suspended actor go on.</summary>
    void Resume(Exception? causedByFailure = null);

    /// <summary>Replaces the instance of a suspended actor; the mailbox stays.</summary>
    void Restart(Exception cause);

    /// <summary>Stops the actor after the message in hand.</summary>
    void Stop();
}

/// <summary>Telling with the current actor as the sender.</summary>
public static class ActorRefImplicitSenderExtensions
{
    /// <summary>Sends a message; inside an actor that actor is the sender.</summary>
    public static void Tell(this IActorRef receiver, object message) =>
        receiver.Tell(message, ActorCell.Current);

    /// <summary>Passes a message on with its original sender.</summary>
    public static void Forward(this IActorRef receiver, object message) =>
        receiver.Tell(message, ActorCell.Current?.CurrentSender);
}

/// <summary>References that stand for nobody.</summary>
public static class ActorRefs
{
    /// <summary>The absent sender.</summary>
    public static readonly IActorRef? NoSender;

    /// <summary>A reference that swallows what it is told; a missing child is this.</summary>
    public static readonly IActorRef Nobody = NobodyRef.Instance;

    /// <summary>True for null and for <see cref="Nobody"/>.</summary>
    public static bool IsNobody(this IActorRef? actorRef) => actorRef is null or NobodyRef;
}
