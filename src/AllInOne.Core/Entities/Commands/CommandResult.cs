namespace AllInOne.Core.Entities.Commands;

/// <summary>What became of a command. Nothing else than <see cref="Accepted"/> has told or changed anything.</summary>
public abstract record CommandResult
{
    private CommandResult()
    {
    }

    /// <summary>Its event is committed, and so is the state where the entity is virtual. Whether a device obeys is not known.</summary>
    /// <param name="Time">That of the event.</param>
    public sealed record Accepted(DateTimeOffset Time) : CommandResult;

    public sealed record NoEntity : CommandResult
    {
        public static NoEntity Instance { get; } = new();
    }

    /// <summary>It cannot be sent, or the entity is virtual and does not know it.</summary>
    /// <param name="Member"><c>command</c>, <c>parameters</c> or the path of a member in these.</param>
    /// <param name="Reason">Goes on behind the member, as in "must be an object".</param>
    public sealed record Wrong(string Member, string Reason) : CommandResult;
}
