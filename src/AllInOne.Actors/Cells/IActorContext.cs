namespace AllInOne.Actors;

/// <summary>Makes actors and finds them.</summary>
public interface IActorRefFactory
{
    /// <summary>Starts an actor; returns at once, its creation runs on its own time.</summary>
    /// <exception cref="InvalidActorNameException">The name is taken or malformed.</exception>
    IActorRef ActorOf(Props props, string? name = null);

    /// <summary>The actors at an absolute path, or one relative to this place.</summary>
    ActorSelection ActorSelection(string path);

    /// <summary>Stops an actor after the message in hand; what waits in its mailbox becomes dead letters.</summary>
    void Stop(IActorRef actor);
}

/// <summary>What an actor can do and see. Valid only inside its own message handling.</summary>
public interface IActorContext : IActorRefFactory
{
    IActorRef Self { get; }

    Props Props { get; }

    /// <summary>Who sent the message in hand; the dead letters when nobody signed it.</summary>
    IActorRef Sender { get; }

    ActorSystem System { get; }

    IActorRef Parent { get; }

    /// <summary>The current receive timeout, or null.</summary>
    TimeSpan? ReceiveTimeout { get; }

    /// <summary>Replaces the current behaviour.</summary>
    void Become(Receive receive);

    /// <summary>Puts a behaviour on top of the current one.</summary>
    void BecomeStacked(Receive receive);

    /// <summary>Goes back to the behaviour below.</summary>
    void UnbecomeStacked();

    /// <summary>A child by name; <see cref="ActorRefs.Nobody"/> when there is none.</summary>
    IActorRef Child(string name);

    IEnumerable<IActorRef> GetChildren();

    /// <summary>Asks for a <see cref="Terminated"/> when <paramref name="subject"/> has stopped, also if it has already.</summary>
    IActorRef Watch(IActorRef subject);

    /// <summary>The same with a message of one's own. The first watch of an actor stands until it is taken back.</summary>
    IActorRef WatchWith(IActorRef subject, object message);

    /// <summary>Takes a watch back; no <see cref="Terminated"/> is seen afterwards, even if it was on its way.</summary>
    IActorRef Unwatch(IActorRef subject);

    /// <summary>Asks for a <see cref="Actors.ReceiveTimeout"/> after so long without a message, again and again; null ends it. A restart does not.</summary>
    void SetReceiveTimeout(TimeSpan? timeout);
}
