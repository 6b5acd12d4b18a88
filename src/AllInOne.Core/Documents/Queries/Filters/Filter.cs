namespace AllInOne.Core.Documents.Queries.Filters;

/// <summary>A filter as it was understood. Its text is the same for all ways to write the same.</summary>
internal abstract record Filter
{
    private Filter()
    {
    }

    /// <summary>Every one of them.</summary>
    public sealed record All(IReadOnlyList<Filter> Terms) : Filter
    {
        public override string ToString() => $"({string.Join("&&", Terms)})";
    }

    /// <summary>At least one of them.</summary>
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
