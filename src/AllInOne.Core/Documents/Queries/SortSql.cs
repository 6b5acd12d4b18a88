using AllInOne.Core.Storage.Sqlite;

namespace AllInOne.Core.Documents.Queries;

/// <summary>An order, and what comes after a place in it, as SQL over the keys of <see cref="FieldSql"/>, which are never NULL.</summary>
internal static class SortSql
{
    /// <param name="from">The first field to order by; all rows are alike in those before it.</param>
    public static string OrderBy(Sort sort, int from) => string.Join(
        ", ", sort.Fields.Skip(from).Select(field => field.Descending ? $"{FieldSql.Key(field.Field)} DESC" : FieldSql.Key(field.Field)));

    public static IReadOnlyList<string> Keys(Sort sort) => [.. sort.Fields.Select(field => FieldSql.Key(field.Field))];

    /// <summary>
    /// The rows after a place, as one or two steps: first the rows that equal it in the first field and come after it in the others, then the rows
    /// after it in the first field. Each is a search in an index on that field; as one condition with OR, or as a row value (which SQLite
    /// does not match with an index on an expression), each page would walk over all before it that are alike.
    /// </summary>
    /// <returns>The condition of each step, and the first field in which its rows differ: SQLite would sort what it finds in order
    /// already, did it have to order by an expression that is the same for all.</returns>
    public static IEnumerable<(Func<QueryParameters, string> Where, int From)> After(Sort sort, IReadOnlyList<SqliteValue> place)
    {
        if (sort.Fields.Count > 1)
        {
            yield return (
                parameters => $"{FieldSql.Key(sort.Fields[0].Field)} = {parameters.Add(place[0])} AND {Rest(sort, place, 1, parameters)}", 1);
        }

        yield return (parameters => Past(sort.Fields[0], parameters.Add(place[0])), 0);
    }

    private static string Rest(Sort sort, IReadOnlyList<SqliteValue> place, int from, QueryParameters parameters)
    {
        var field = sort.Fields[from];
        var value = parameters.Add(place[from]);
        return from == sort.Fields.Count - 1
            ? Past(field, value)
            : $"({Past(field, value)} OR {FieldSql.Key(field.Field)} = {value} AND {Rest(sort, place, from + 1, parameters)})";
    }

    private static string Past(SortField field, string value) => $"{FieldSql.Key(field.Field)} {(field.Descending ? '<' : '>')} {value}";
}
