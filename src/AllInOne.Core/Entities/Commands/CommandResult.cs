namespace AllInOne.Core.Entities.Commands;

/// <summary>The result of a command. Only <see cref="Accepted"/> means that something was published or changed.</summary>
public abstract record CommandResult
{
    private CommandResult()
    {
    }

    /// <summary>The event of the command is committed; for a virtual entity, the new state too. Whether a device executes the command is not known.</summary>
    /// <param name="Time">The time of the event.</param>
    public sealed record Accepted(DateTimeOffset Time) : CommandResult;

    /// <summary>The entity does not exist.</summary>
    public sealed record NoEntity : CommandResult
    {
        public static NoEntity Instance { get; } = new();
    }

    /// <summary>The command cannot be sent, or the entity is virtual and does not know it.</summary>
    /// <param name="Member"><c>command</c>, <c>parameters</c> or the path of a member in these.</param>
    /// <param name="Reason">The reason, which follows the member, as in "must be an object".</param>
    public sealed record Wrong(string Member, string Reason) : CommandResult;
}
