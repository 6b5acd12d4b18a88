using AllInOne.Core.Entities.Snapshots;
using AllInOne.Core.Values;

namespace AllInOne.Core.Entities;

/// <summary>A filter of entities. A member that is null does not restrict the list.</summary>
/// <param name="Area">The area, exactly.</param>
/// <param name="Domain">The domain, exactly.</param>
/// <param name="Text">A text that the id, the name or the area contains; case does not matter.</param>
/// <param name="Limit">The maximum number of entities, 1 to <see cref="MaxLimit"/>.</param>
/// <param name="Cursor">The cursor from <see cref="EntityPage.Next"/>: the page starts after this id.</param>
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

/// <summary>A page of entities, in the order of their ids.</summary>
/// <param name="Next">The cursor of the next page; null on the last page.</param>
public sealed record EntityPage(IReadOnlyList<EntitySnapshot> Items, string? Next);
