namespace AllInOne.Core.Documents.Queries;

/// <summary>How large a query may be: what one costs to read and to compile is bounded before anything is run.</summary>
public sealed record QueryLimits
{
    public static QueryLimits Default { get; } = new();

    /// <summary>The most characters of a filter, of a sort and of a list of fields.</summary>
    public int MaxLength { get; init; } = 16 * 1024;

    /// <summary>The most comparisons in a filter.</summary>
    public int MaxTerms { get; init; } = 500;

    /// <summary>The most parentheses and negations inside one another.</summary>
    public int MaxDepth { get; init; } = 32;

    /// <summary>The most fields to sort by.</summary>
    public int MaxSortFields { get; init; } = 8;

    /// <summary>The most paths in a list of fields.</summary>
    public int MaxFields { get; init; } = 100;

    /// <summary>Every problem, one line each, naming the property. The upper bounds come from the limits of SQLite.</summary>
    public IEnumerable<string> Validate() =>
        from bound in new (string Name, int Value, int Most)[]
        {
            (nameof(MaxLength), MaxLength, 1024 * 1024),
            (nameof(MaxTerms), MaxTerms, 5_000),
            (nameof(MaxDepth), MaxDepth, 64),
            (nameof(MaxSortFields), MaxSortFields, 32),
            (nameof(MaxFields), MaxFields, 1_000),
        }
        where bound.Value < 1 || bound.Value > bound.Most
        select $"{bound.Name} must be from 1 to {bound.Most}, not {bound.Value}";
}
