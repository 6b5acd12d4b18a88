namespace AllInOne.Core.Documents.Queries.Filters;

/// <summary>A parsed filter. Filters that differ only in how they are written have the same text.</summary>
internal abstract record Filter
{
    private Filter()
    {
    }

    /// <summary>Matches if all terms match.</summary>
    public sealed record All(IReadOnlyList<Filter> Terms) : Filter
    {
        public override string ToString() => $"({string.Join("&&", Terms)})";
    }

    /// <summary>Matches if at least one term matches.</summary>
    public sealed record Any(IReadOnlyList<Filter> Terms) : Filter
    {
        public override string ToString() => $"({string.Join("||", Terms)})";
    }

    public sealed record Not(Filter Term) : Filter
    {
        public override string ToString() => $"!{Term}";
    }

    public sealed record Comparison(FieldPath Field, FilterOperator Operator, FilterValue Value) : Filter
    {
        public override string ToString() => $"({Field}{Operator.Text()}{Value})";
    }
}
