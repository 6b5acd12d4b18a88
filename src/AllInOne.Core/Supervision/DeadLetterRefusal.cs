using Akka.Actor;
using Akka.Event;

namespace AllInOne.Core.Supervision;

/// <summary>
/// Refuses the dead letters whose senders wait for an answer (<see cref="IRefusable"/>). It is a reference without an actor behind it, so it has no
/// mailbox and cannot be stopped; it works on the thread that publishes the dead letter.
/// </summary>
internal sealed class DeadLetterRefusal : MinimalActorRef
{
    private DeadLetterRefusal(ActorSystem system) =>
        (Provider, Path) = (((ExtendedActorSystem)system).Provider, system.DeadLetters.Path / "refusal");

    public override IActorRefProvider Provider { get; }

    public override ActorPath Path { get; }

    /// <summary>Begins to refuse the dead letters of this system.</summary>
    public static void Start(ActorSystem system) => system.EventStream.Subscribe(new DeadLetterRefusal(system), typeof(DeadLetter));

    protected override void TellInternal(object message, IActorRef sender)
    {
        if (message is DeadLetter { Message: IRefusable refusable } letter)
        {
            refusable.Refuse($"{letter.Recipient.Path.ToStringWithoutAddress()} is stopped.", letter.Sender);
        }
    }
}
