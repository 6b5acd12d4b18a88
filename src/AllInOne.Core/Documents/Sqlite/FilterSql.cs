using System.Diagnostics;
using System.Text;
using System.Text.Json;
using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Documents.Queries.Evaluation;
using AllInOne.Core.Documents.Queries.Filters;
using AllInOne.Core.Storage;

namespace AllInOne.Core.Documents.Sqlite;

/// <summary>
/// Turns a filter into the condition of a WHERE. Every value is a parameter. Each comparison is 1 or 0 and never NULL, so <c>NOT</c> is the exact
/// opposite of its operand.
/// </summary>
internal static class FilterSql
{
    public static string Compile(Filter filter, QueryParameters parameters) => filter switch
    {
        Filter.All all => Joined([.. all.Terms.Select(term => Compile(term, parameters))], "AND"),
        Filter.Any any => Joined([.. any.Terms.Select(term => Compile(term, parameters))], "OR"),
        Filter.Not not => $"(NOT {Compile(not.Term, parameters)})",
        Filter.Comparison { Operator: FilterOperator.NotEqual } unequal =>
            $"(NOT {Compare(unequal with { Operator = FilterOperator.Equal }, parameters)})",
        Filter.Comparison comparison => Compare(comparison, parameters),
        _ => throw new UnreachableException(),
    };

    // Joined by halves, because SQLite limits the depth of an expression, and a chain is as deep as it is long.
    private static string Joined(ReadOnlySpan<string> terms, string conjunction)
    {
        if (terms.Length == 1)
        {
            return terms[0];
        }

        var half = terms.Length / 2;
        return $"({Joined(terms[..half], conjunction)} {conjunction} {Joined(terms[half..], conjunction)})";
    }

    private static string Compare(Filter.Comparison comparison, QueryParameters parameters)
    {
        var (field, compare, value) = comparison;
        if (field.IsTime)
        {
            return Time(field.Text, compare, value, parameters);
        }

        if (compare == FilterOperator.Contains)
        {
            return Contains(field, value, parameters);
        }

        return value.Kind switch
        {
            JsonValueKind.Number => Number(field, compare, value.Text, parameters),
            JsonValueKind.String => String(field, compare, value.Text, parameters),
            var constant => Constant(field, compare, constant),
        };
    }

    private static string Time(string column, FilterOperator compare, FilterValue value, QueryParameters parameters) =>
        FilterEvaluator.Time(compare, value) is var (own, time) ? Own($"{column} {own.Text()} {parameters.Add(StoredValue.From(time))}", own) : "0";

    // SQLite estimates that a range with one open side matches a quarter of the rows. It would then read all rows in the order of the ids instead of
    // using an index on the column.
    private static string Own(string condition, FilterOperator compare) =>
        compare == FilterOperator.Equal ? $"({condition})" : $"unlikely({condition})";

    private static string Constant(FieldPath field, FilterOperator compare, JsonValueKind constant)
    {
        // Only numbers and strings have an order, so the other operators never match here.
        if (compare != FilterOperator.Equal || field.IsOwn)
        {
            return "0";
        }

        var key = constant switch
        {
            JsonValueKind.True => FieldSql.TrueKey,
            JsonValueKind.False => FieldSql.FalseKey,
            _ => FieldSql.NullKey,
        };
        return $"({FieldSql.Key(field)} = {key})";
    }

    private static string Number(FieldPath field, FilterOperator compare, string json, QueryParameters parameters)
    {
        if (field == FieldPath.Id)
        {
            return "0";
        }

        // SQLite parses this number in the same way as the numbers in the documents, so equal digits are equal numbers.
        var key = FieldSql.Key(field);
        var number = $"json_extract({parameters.Add(json)},'$')";
        return compare switch
        {
            FilterOperator.Less or FilterOperator.LessOrEqual when !field.IsOwn =>
                $"({key} >= {FieldSql.LeastNumber} AND {key} {compare.Text()} {number})",
            FilterOperator.Greater or FilterOperator.GreaterOrEqual when !field.IsOwn =>
                $"({key} {compare.Text()} {number} AND {key} < {FieldSql.LeastString})",
            _ when field.IsOwn => Own($"{key} {compare.Text()} {number}", compare),
            _ => $"({key} {compare.Text()} {number})",
        };
    }

    private static string String(FieldPath field, FilterOperator compare, string text, QueryParameters parameters)
    {
        if (field.Text == "version")
        {
            return "0";
        }

        var key = FieldSql.Key(field);
        if (field.IsOwn)
        {
            return $"({key} {compare.Text()} {parameters.Add(text)})";
        }

        // The key is the beginning of the string. A shorter text compares with the key as with the whole string. For a longer text, the key only
        // narrows the search, and the whole value decides.
        var beginning = FieldKey.Beginning(Encoding.UTF8.GetBytes(text), out var isShort);
        var bound = parameters.Add(StoredValue.From(beginning.ToArray()));
        var whole = isShort ? "" : $" AND {FieldSql.Value(field)} {compare.Text()} {parameters.Add(text)}";
        var inexact = isShort ? compare.Text() : $"{compare.Text().TrimEnd('=')}=";
        return compare switch
        {
            FilterOperator.Less or FilterOperator.LessOrEqual =>
                $"({key} >= {FieldSql.LeastString} AND {key} {inexact} {bound}{whole})",
            FilterOperator.Greater or FilterOperator.GreaterOrEqual =>
                $"({key} {inexact} {bound} AND {key} < {FieldSql.OtherKey}{whole})",
            _ => $"({key} {inexact} {bound}{whole})",
        };
    }

    private static string Contains(FieldPath field, FilterValue value, QueryParameters parameters)
    {
        if (field.IsOwn)
        {
            return field == FieldPath.Id && value.Kind == JsonValueKind.String ? Within("id", value.Text, parameters) : "0";
        }

        var elements = $"SELECT 1 FROM json_each(data,{FieldSql.JsonPath(field)}) AS e WHERE {Element(value, parameters)}";
        var element = $"({FieldSql.Type(field)} = 'array' AND EXISTS ({elements}))";
        return value.Kind == JsonValueKind.String
            ? $"(ifnull({FieldSql.Type(field)} = 'text', 0) AND {Within(FieldSql.Value(field), value.Text, parameters)} OR ifnull({element}, 0))"
            : $"ifnull({element}, 0)";
    }

    private static string Within(string whole, string part, QueryParameters parameters) =>
        $"contains({whole}, {parameters.Add(part)})";

    private static string Element(FilterValue value, QueryParameters parameters) => value.Kind switch
    {
        JsonValueKind.String => $"e.type = 'text' AND e.atom = {parameters.Add(value.Text)}",
        JsonValueKind.Number => $"e.type IN ('integer','real') AND e.atom = json_extract({parameters.Add(value.Text)},'$')",
        JsonValueKind.True => "e.type = 'true'",
        JsonValueKind.False => "e.type = 'false'",
        _ => "e.type = 'null'",
    };
}
