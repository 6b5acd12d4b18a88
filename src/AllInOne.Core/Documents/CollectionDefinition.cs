using AllInOne.Core.Documents.Queries;

namespace AllInOne.Core.Documents;

/// <summary>The settings of a collection: <c>{indexes: [path…], retention}</c>.</summary>
/// <param name="Indexes">The paths with an index, by which documents are found and sorted quickly. No path appears twice.</param>
/// <param name="Retention">How long after its last change a document is kept; null for ever.</param>
public sealed record CollectionDefinition(IReadOnlyList<FieldPath> Indexes, TimeSpan? Retention)
{
    /// <summary>The longest retention, a hundred years. A client that needs more sets no retention.</summary>
    public static TimeSpan LongestRetention { get; } = TimeSpan.FromDays(36_500);

    /// <summary>The definition of a collection that is created by its first document.</summary>
    public static CollectionDefinition Plain { get; } = new([], null);
}
