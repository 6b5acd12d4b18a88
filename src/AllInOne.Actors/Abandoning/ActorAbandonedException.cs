using Akka.Actor;

namespace AllInOne.Actors;

/// <summary>The actor was told to stop or to restart, did not come out of its message in time, and was taken from its thread.</summary>
public sealed class ActorAbandonedException(IActorRef actor)
    : AkkaException($"{actor} did not come out of its message and was abandoned");
