namespace AllInOne.Core.Entities;

/// <summary>Why an entity is refused.</summary>
/// <param name="Member">Of the entity's JSON.</param>
/// <param name="Reason">Follows the member's name, as in "attributes has 300 members".</param>
public sealed record EntityFault(string Member, string Reason)
{
    public override string ToString() => $"{Member} {Reason}";
}
