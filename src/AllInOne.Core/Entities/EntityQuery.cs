using AllInOne.Core.Values;

namespace AllInOne.Core.Entities;

/// <summary>Which entities a list shall hold; null asks for no restriction.</summary>
/// <param name="Area">The area, exactly.</param>
/// <param name="Domain">The domain, exactly.</param>
/// <param name="Text">Text that is somewhere in the id, the name or the area; case does not matter.</param>
/// <param name="Limit">How many at most, 1 to <see cref="MaxLimit"/>.</param>
/// <param name="Cursor">What <see cref="EntityPage.Next"/> said: the list goes on after this id.</param>
public sealed record EntityQuery(string? Area, string? Domain, string? Text, int Limit, EntityId? Cursor)
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 1000;

    public bool Matches(EntitySnapshot entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return (Area is null || Area == entity.Area)
            && (Domain is null || entity.Id.DomainSpan.SequenceEqual(Domain))
            && (string.IsNullOrEmpty(Text) || Has(entity.Id.Value) || Has(entity.Name) || Has(entity.Area));
    }

    private bool Has(string? text) => text?.Contains(Text!, StringComparison.OrdinalIgnoreCase) == true;
}

/// <summary>A page of a list, in the order of the ids.</summary>
/// <param name="Next">The cursor of the next page, null on the last one.</param>
public sealed record EntityPage(IReadOnlyList<EntitySnapshot> Items, string? Next);
