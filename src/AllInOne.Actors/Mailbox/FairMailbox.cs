using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace AllInOne.Actors;

/// <summary>Makes a <see cref="FairMessageQueue"/> for every actor: <c>akka.actor.default-mailbox.mailbox-type</c>.</summary>
public sealed class FairMailbox(Settings settings, Config config) : MailboxType(settings, config), IProducesMessageQueue<FairMessageQueue>
{
    /// <inheritdoc/>
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new FairMessageQueue(owner);
}
