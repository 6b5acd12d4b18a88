using AllInOne.Core.Values;

namespace AllInOne.Core.Documents.Queries;

/// <param name="Descending">True if the field is written with a leading <c>-</c>.</param>
internal sealed record SortField(FieldPath Field, bool Descending)
{
    public override string ToString() => Descending ? $"-{Field}" : Field.Text;
}

/// <summary>
/// The order of a list: <c>field,-field</c>. The last field is always <c>id</c>, so no two rows are equal in this order. The <c>id</c> has the
/// direction of the field before it, so that one index serves both directions.
/// </summary>
internal sealed record Sort(IReadOnlyList<SortField> Fields)
{
    private const string Parameter = "sort";

    private static Sort ById { get; } = new([new SortField(FieldPath.Id, false)]);

    /// <exception cref="QueryException">The text is not an order, or exceeds a limit.</exception>
    public static Sort Parse(string? text, QueryLimits limits)
    {
        if (string.IsNullOrEmpty(text))
        {
            return ById;
        }

        List<SortField> fields = [];
        foreach (var (path, descending, position) in Parts(text, limits))
        {
            var field = FieldPath.Parse(path, Parameter, position);
            if (fields.Exists(known => known.Field == field))
            {
                throw new QueryException(Parameter, position, $"'{Excerpt.Of(field.Text)}' is there twice");
            }

            fields.Add(new SortField(field, descending));
        }

        // Fields after the id have no effect, because ids are unique.
        var id = fields.FindIndex(field => field.Field == FieldPath.Id);
        return new Sort(id >= 0 ? fields[..(id + 1)] : [.. fields, new SortField(FieldPath.Id, fields[^1].Descending)]);
    }

    public override string ToString() => string.Join(',', Fields);

    private static IEnumerable<(string Path, bool Descending, int Position)> Parts(string text, QueryLimits limits)
    {
        var parts = PathList.Parse(text, Parameter, limits.MaxLength, limits.MaxSortFields);
        return parts.Select(part => part.Text.StartsWith('-') ? (part.Text[1..], true, part.Position + 1) : (part.Text, false, part.Position));
    }
}
