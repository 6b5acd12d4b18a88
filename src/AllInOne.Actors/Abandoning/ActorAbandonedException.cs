using Akka.Actor;

namespace AllInOne.Actors;

/// <summary>
/// The reason of an abandonment: the actor received a stop or a restart, did not complete its current message in time, and was taken from its
/// thread.
/// </summary>
public sealed class ActorAbandonedException(IActorRef actor)
    : AkkaException($"{actor} did not complete its message in time and was abandoned");
