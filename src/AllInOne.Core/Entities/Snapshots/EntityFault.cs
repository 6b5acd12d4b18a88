namespace AllInOne.Core.Entities.Snapshots;

/// <summary>The reason why an entity or a change is refused.</summary>
/// <param name="Member">The member of the entity's JSON.</param>
/// <param name="Reason">The reason, which follows the name of the member, as in "attributes has 300 members".</param>
public sealed record EntityFault(string Member, string Reason)
{
    public override string ToString() => $"{Member} {Reason}";
}
