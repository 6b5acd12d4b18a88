using Akka.Actor;
using AllInOne.Core.Values;

namespace AllInOne.Core.Entities;

/// <summary>A message for one entity: it is routed by the id, and whoever drops it says so.</summary>
internal interface IEntityMessage
{
    EntityId Id { get; }

    /// <summary>Answers that the message will not be handled.</summary>
    void Refuse(string reason, IActorRef sender);
}
