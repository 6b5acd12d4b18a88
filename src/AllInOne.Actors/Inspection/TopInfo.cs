namespace AllInOne.Actors;

/// <summary>The measure by which actors are compared.</summary>
public enum ActorMeasure
{
    /// <summary>Time spent in messages within the window.</summary>
    Busy,

    /// <summary>The number of messages that wait now.</summary>
    Mailbox,

    /// <summary>The number of messages handled within the window.</summary>
    Messages,

    /// <summary>The number of restarts since the start.</summary>
    Restarts,
}

/// <summary>An actor with its work within a window.</summary>
/// <param name="Actor">The actor at the end of the window.</param>
/// <param name="Busy">The time spent in messages within the window.</param>
/// <param name="Messages">The number of messages handled within the window.</param>
public sealed record TopInfo(ActorInfo Actor, TimeSpan Busy, long Messages);
