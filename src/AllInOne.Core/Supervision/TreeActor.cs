using Akka.Actor;

namespace AllInOne.Core.Supervision;

/// <summary>
/// The base of the actors that live as long as the server. A restart refuses only the message that failed. The children and the mailbox stay, and
/// <see cref="ActorBase.PostStop"/> is called only when the actor stops for good.
/// </summary>
internal abstract class TreeActor : UntypedActor
{
    /// <summary>Refuses the failed message and calls <see cref="OnRestarting"/>.</summary>
    protected sealed override void PreRestart(Exception reason, object? message)
    {
        FailedMessage.Refuse(message, Context, reason);
        OnRestarting(message);
    }

    /// <summary>Called on the failed instance before its successor starts.</summary>
    /// <param name="message">The message that failed; null if there is none.</param>
    protected virtual void OnRestarting(object? message)
    {
    }
}
