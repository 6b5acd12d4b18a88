namespace AllInOne.Core.Inspection;

/// <summary>The measures by which "top" sorts.</summary>
public enum TopBy
{
    /// <summary>The time spent handling messages in the window.</summary>
    Busy,

    /// <summary>The present number of waiting messages.</summary>
    Mailbox,

    /// <summary>The number of messages handled in the window.</summary>
    Messages,

    /// <summary>The number of restarts since the actor was created.</summary>
    Restarts,
}

/// <summary>An actor, and its activity in a window of time.</summary>
/// <param name="Actor">The actor at this moment.</param>
/// <param name="BusyMs">The time spent handling messages in the window, in milliseconds.</param>
/// <param name="Messages">The number of messages handled in the window.</param>
public sealed record TopActor(ActorSnapshot Actor, double BusyMs, long Messages);
