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

    /// <summary>Gone.</summary>
    Stopped,
}
