namespace AllInOne.Core.Inspection;

/// <summary>
/// A look into the running tree, and the two things an administrator may do to a part of it. Implemented once for each
/// actor runtime. Reading never waits for an actor and never stops one.
/// </summary>
public interface IInspection
{
    /// <summary>The actor at <paramref name="path"/>, or null.</summary>
    ActorSnapshot? Find(string path);

    /// <summary>Its children by name, those behind <paramref name="after"/>, at most <paramref name="limit"/>.</summary>
    IReadOnlyList<ActorSnapshot> Children(string path, string? after, int limit);

    /// <summary>Gives the actor a new instance between two messages; its mailbox stays. False when there is no such actor.</summary>
    bool Restart(string path);

    /// <summary>Stops the actor after the message in hand. False when there is no such actor.</summary>
    bool Stop(string path);
}
