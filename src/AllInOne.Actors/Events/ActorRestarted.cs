namespace AllInOne.Actors;

/// <summary>An actor got a new instance; published on the event stream.</summary>
/// <param name="Actor">Which.</param>
/// <param name="Cause">Why.</param>
public sealed record ActorRestarted(IActorRef Actor, Exception Cause);
