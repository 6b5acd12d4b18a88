namespace AllInOne.Actors;

/// <summary>The receiver of last resort: publishes what it is told as a <see cref="DeadLetter"/>.</summary>
internal sealed class DeadLetterRef(ActorSystem system, ActorPath path) : InternalActorRef
{
    public ActorSystem System => system;

    public override ActorPath Path { get; } = path;

    public override void Tell(object message, IActorRef? sender)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message is DeadLetter letter)
        {
            system.EventStream.Publish(letter);
            return;
        }

        Publish(message, sender, this);
    }

    public void Publish(object message, IActorRef? sender, IActorRef recipient)
    {
        switch (message)
        {
            case Identify identify:
                sender?.Tell(new ActorIdentity(identify.MessageId, null), this);
                break;
            case AllDeadLetters:
                // Was on its way to a subscriber that has died: it has been published once.
                break;
            case IDeadLetterSuppression:
                system.EventStream.Publish(new SuppressedDeadLetter(message, sender ?? this, recipient));
                break;
            default:
                system.EventStream.Publish(new DeadLetter(message, sender ?? this, recipient));
                break;
        }
    }
}
