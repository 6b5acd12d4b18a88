using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Storage;

namespace AllInOne.Core.Documents.Sqlite;

/// <summary>The SQL of an order, and of the rows after a place in it. It uses the keys of <see cref="FieldSql"/>, which are never NULL.</summary>
internal static class SortSql
{
    /// <param name="from">The index of the first field to order by. All rows are equal in the fields before it.</param>
    public static string OrderBy(Sort sort, int from) => string.Join(
        ", ", sort.Fields.Skip(from).Select(field => field.Descending ? $"{FieldSql.Key(field.Field)} DESC" : FieldSql.Key(field.Field)));

    public static IReadOnlyList<string> Keys(Sort sort) => [.. sort.Fields.Select(field => FieldSql.Key(field.Field))];

    /// <summary>
    /// The rows after a place, as one or two steps: first the rows that equal it in the first field and come after it in the other fields, then the
    /// rows after it in the first field. Each step is a search in an index on this field. As one condition with OR, or as a row value (for which
    /// SQLite uses no index on an expression), each page would read all equal rows before the place again.
    /// </summary>
    /// <returns>
    /// The condition of each step, and the index of the first field in which its rows can differ. An ORDER BY with an expression that is equal for
    /// all rows would make SQLite sort rows that are in order already.
    /// </returns>
    public static IEnumerable<(Func<QueryParameters, string> Where, int From)> After(Sort sort, IReadOnlyList<StoredValue> place)
    {
        if (sort.Fields.Count > 1)
        {
            yield return (
                parameters => $"{FieldSql.Key(sort.Fields[0].Field)} = {parameters.Add(place[0])} AND {Rest(sort, place, 1, parameters)}", 1);
        }

        yield return (parameters => Past(sort.Fields[0], parameters.Add(place[0])), 0);
    }

    private static string Rest(Sort sort, IReadOnlyList<StoredValue> place, int from, QueryParameters parameters)
    {
        var field = sort.Fields[from];
        var value = parameters.Add(place[from]);
        return from == sort.Fields.Count - 1
            ? Past(field, value)
            : $"({Past(field, value)} OR {FieldSql.Key(field.Field)} = {value} AND {Rest(sort, place, from + 1, parameters)})";
    }

    private static string Past(SortField field, string value) => $"{FieldSql.Key(field.Field)} {(field.Descending ? '<' : '>')} {value}";
}
