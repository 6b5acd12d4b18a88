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

/// <summary>The refusal of the message on which an actor has failed.</summary>
internal static class FailedMessage
{
    /// <summary>Refuses the message, if its sender waits for an answer.</summary>
    /// <param name="message">The message; null if the actor failed without one.</param>
    /// <param name="actor">The context of the actor that failed.</param>
    public static void Refuse(object? message, IActorContext actor, Exception reason) =>
        (message as IRefusable)?.Refuse($"{actor.Self.Path.ToStringWithoutAddress()} failed: {reason.Message}", actor.Sender);
}

/// <summary>The answer to a question that was not handled. It is not known whether it has had an effect.</summary>
/// <param name="Reason">One sentence.</param>
internal sealed record Refused(string Reason);
