namespace AllInOne.Core.Documents.Queries;

/// <summary>The limits of a query. They bound the cost of its parser and of its plan.</summary>
public sealed record QueryLimits
{
    public static QueryLimits Default { get; } = new();

    /// <summary>The maximum number of characters of a filter, of a sort and of a list of fields.</summary>
    public int MaxLength { get; init; } = 16 * 1024;

    /// <summary>The maximum number of comparisons in a filter.</summary>
    public int MaxTerms { get; init; } = 500;

    /// <summary>The maximum depth of parentheses and negations.</summary>
    public int MaxDepth { get; init; } = 32;

    /// <summary>The maximum number of fields of a sort.</summary>
    public int MaxSortFields { get; init; } = 8;

    /// <summary>The maximum number of paths in a list of fields.</summary>
    public int MaxFields { get; init; } = 100;
}
