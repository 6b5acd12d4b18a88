using Akka.Actor;

namespace AllInOne.Core.Supervision;

/// <summary>
/// A message whose sender waits for an answer. Code that will not handle it calls <see cref="Refuse"/>: the actor that failed while it handled it
/// (<see cref="TreeActor"/>), the address that can keep no more messages (<see cref="ActorAddress"/>), and the subscriber of
/// dead letters (<see cref="DeadLetterRefusal"/>). So each sender gets exactly one answer, even if an actor crashes or is stopped.
/// </summary>
internal interface IRefusable
{
    /// <summary>Answers that the message will not be handled. The default sends <see cref="Refused"/> to the sender.</summary>
    /// <param name="reason">One sentence.</param>
    /// <param name="sender">The sender of the message; null if there is none.</param>
    void Refuse(string reason, IActorRef? sender) => sender?.Tell(new Refused(reason), ActorRefs.NoSender);
}

/// <summary>The answer to a question that was not handled. It is not known whether it has had an effect.</summary>
/// <param name="Reason">One sentence.</param>
internal sealed record Refused(string Reason);
