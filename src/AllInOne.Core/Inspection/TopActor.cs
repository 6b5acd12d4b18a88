namespace AllInOne.Core.Inspection;

/// <summary>What "top" sorts by.</summary>
public enum TopBy
{
    /// <summary>Time spent handling messages within the window.</summary>
    Busy,

    /// <summary>Messages waiting now.</summary>
    Mailbox,

    /// <summary>Messages handled within the window.</summary>
    Messages,

    /// <summary>New instances since the start of the actor.</summary>
    Restarts,
}

/// <summary>An actor and what it did within a window.</summary>
/// <param name="Actor">As it is now.</param>
/// <param name="BusyMs">Milliseconds spent handling messages within the window.</param>
/// <param name="Messages">Messages handled within the window.</param>
public sealed record TopActor(ActorSnapshot Actor, double BusyMs, long Messages);
