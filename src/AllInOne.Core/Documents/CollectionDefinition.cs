using AllInOne.Core.Documents.Queries;

namespace AllInOne.Core.Documents;

/// <summary>What may be said of a collection: <c>{indexes: [path…], retention}</c>.</summary>
/// <param name="Indexes">Paths by which documents are found and sorted quickly, each once.</param>
/// <param name="Retention">How long after its last change a document is kept; null for ever.</param>
public sealed record CollectionDefinition(IReadOnlyList<FieldPath> Indexes, TimeSpan? Retention)
{
    /// <summary>A hundred years; who wants more keeps for ever.</summary>
    public static TimeSpan LongestRetention { get; } = TimeSpan.FromDays(36_500);

    /// <summary>Of a collection that is made by its first document.</summary>
    public static CollectionDefinition Plain { get; } = new([], null);
}
