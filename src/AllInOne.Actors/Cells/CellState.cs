namespace AllInOne.Actors;

/// <summary>Where an actor is in its life.</summary>
internal enum CellState
{
    /// <summary>Its first slice has not run.</summary>
    New,

    /// <summary>It has an instance, or waits suspended for its supervisor to give it one.</summary>
    Running,

    /// <summary>A restart waits for children to stop.</summary>
    Recreating,

    /// <summary>It waits for its children to stop.</summary>
    Stopping,

    /// <summary>It has ended, and what is left in its mailbox goes to the dead letters before anybody is told.</summary>
    Closing,

    /// <summary>Gone for all others, but there was so much in its mailbox that it is still going to the dead letters.</summary>
    Draining,

    /// <summary>Gone.</summary>
    Stopped,
}
