namespace AllInOne.Actors;

/// <summary>The measure by which actors are compared.</summary>
public enum ActorMeasure
{
    /// <summary>Time spent in messages within the window.</summary>
    Busy,

    /// <summary>Messages waiting now.</summary>
    Mailbox,

    /// <summary>Messages handled within the window.</summary>
    Messages,

    /// <summary>New instances since the start.</summary>
    Restarts,
}

/// <summary>An actor and what it did within a window.</summary>
/// <param name="Actor">As it is at the end of the window.</param>
/// <param name="Busy">Time spent in messages within it.</param>
/// <param name="Messages">Messages handled within it.</param>
public sealed record TopInfo(ActorInfo Actor, TimeSpan Busy, long Messages);
