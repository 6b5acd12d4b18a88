using Akka.Actor;
using AllInOne.Core.Values;

namespace AllInOne.Core.Entities;

/// <summary>A message to one entity. It is routed by the id, and code that drops it must answer it as refused.</summary>
internal interface IEntityMessage
{
    EntityId Id { get; }

    /// <summary>Answers that the message will not be handled.</summary>
    void Refuse(string reason, IActorRef sender);
}
