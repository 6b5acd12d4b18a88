using System.Diagnostics;
using System.Text;
using System.Text.Json;
using AllInOne.Core.Documents.Queries.Filters;
using AllInOne.Core.Storage;
using AllInOne.Core.Values;

namespace AllInOne.Core.Documents.Queries.Evaluation;

/// <summary>Decides whether a document matches a filter, with the meaning of docs/filters.md.</summary>
internal static class FilterEvaluator
{
    public static bool Matches(Filter filter, in StoredRow row)
    {
        switch (filter)
        {
            case Filter.All all:
                foreach (var term in all.Terms)
                {
                    if (!Matches(term, row))
                    {
                        return false;
                    }
                }

                return true;
            case Filter.Any any:
                foreach (var term in any.Terms)
                {
                    if (Matches(term, row))
                    {
                        return true;
                    }
                }

                return false;
            case Filter.Not not:
                return !Matches(not.Term, row);
            case Filter.Comparison { Operator: FilterOperator.NotEqual } unequal:
                return !Compare(unequal.Field, FilterOperator.Equal, unequal.Value, row);
            case Filter.Comparison comparison:
                return Compare(comparison.Field, comparison.Operator, comparison.Value, row);
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>The number of a comparison.</summary>
    /// <param name="json">A JSON number.</param>
    public static StoredValue Number(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        return FieldKey.Number(ref reader);
    }

    /// <summary>
    /// The comparison of a time. If the text has a part below a microsecond, the time is rounded down, and an operator is returned that has the same
    /// meaning for whole microseconds. Null if no document can match.
    /// </summary>
    public static (FilterOperator Operator, long Microseconds)? Time(FilterOperator compare, FilterValue value)
    {
        if (value.Kind != JsonValueKind.String || compare == FilterOperator.Contains)
        {
            return null;
        }

        if (!TimeText.TryParse(value.Text, out var time))
        {
            throw new UnreachableException();
        }

        return (compare, time.IsWhole) switch
        {
            (FilterOperator.Less, false) => (FilterOperator.LessOrEqual, time.Microseconds),
            (FilterOperator.GreaterOrEqual, false) => (FilterOperator.Greater, time.Microseconds),
            (FilterOperator.Equal, false) => null,
            _ => (compare, time.Microseconds),
        };
    }

    private static bool Compare(FieldPath field, FilterOperator compare, FilterValue value, in StoredRow row)
    {
        if (field.IsTime)
        {
            return Time(compare, value) is var (own, time) && Holds(own, FieldKey.Of(row, field).Integer.CompareTo(time));
        }

        if (field.IsOwn)
        {
            return CompareOwn(field, compare, value, row);
        }

        var isThere = FieldReader.TryFind(row.Data.Span, field, out var found);
        if (compare == FilterOperator.Contains)
        {
            return isThere && Contains(ref found, value);
        }

        // Only numbers and strings have an order.
        return value.Kind switch
        {
            JsonValueKind.Number => isThere && found.TokenType == JsonTokenType.Number
                && Holds(compare, FieldKey.Compare(FieldKey.Number(ref found), Number(value.Text))),
            JsonValueKind.String => isThere && found.TokenType == JsonTokenType.String
                && Holds(compare, FieldReader.Text(ref found).SequenceCompareTo(Encoding.UTF8.GetBytes(value.Text))),
            JsonValueKind.Null => compare == FilterOperator.Equal && (!isThere || found.TokenType == JsonTokenType.Null),
            JsonValueKind.True => compare == FilterOperator.Equal && isThere && found.TokenType == JsonTokenType.True,
            _ => compare == FilterOperator.Equal && isThere && found.TokenType == JsonTokenType.False,
        };
    }

    private static bool CompareOwn(FieldPath field, FilterOperator compare, FilterValue value, in StoredRow row)
    {
        if (field == FieldPath.Id)
        {
            return value.Kind == JsonValueKind.String && (compare == FilterOperator.Contains
                ? CaselessText.Contains(Encoding.UTF8.GetBytes(row.Id), Encoding.UTF8.GetBytes(value.Text))
                : Holds(compare, Encoding.UTF8.GetBytes(row.Id).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(value.Text))));
        }

        return value.Kind == JsonValueKind.Number && compare != FilterOperator.Contains
            && Holds(compare, FieldKey.Compare(FieldKey.Of(row, field), Number(value.Text)));
    }

    private static bool Contains(ref Utf8JsonReader found, FilterValue value)
    {
        if (found.TokenType == JsonTokenType.String)
        {
            return value.Kind == JsonValueKind.String && CaselessText.Contains(FieldReader.Text(ref found), Encoding.UTF8.GetBytes(value.Text));
        }

        if (found.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        while (found.Read() && found.TokenType != JsonTokenType.EndArray)
        {
            if (IsElement(ref found, value))
            {
                return true;
            }

            found.Skip();
        }

        return false;
    }

    private static bool IsElement(ref Utf8JsonReader element, FilterValue value) => (value.Kind, element.TokenType) switch
    {
        (JsonValueKind.String, JsonTokenType.String) => element.ValueTextEquals(value.Text),
        (JsonValueKind.Number, JsonTokenType.Number) => FieldKey.Compare(FieldKey.Number(ref element), Number(value.Text)) == 0,
        (JsonValueKind.True, JsonTokenType.True) or (JsonValueKind.False, JsonTokenType.False) or (JsonValueKind.Null, JsonTokenType.Null) => true,
        _ => false,
    };

    private static bool Holds(FilterOperator compare, int order) => compare switch
    {
        FilterOperator.Equal => order == 0,
        FilterOperator.Less => order < 0,
        FilterOperator.LessOrEqual => order <= 0,
        FilterOperator.Greater => order > 0,
        FilterOperator.GreaterOrEqual => order >= 0,
        _ => throw new UnreachableException(),
    };
}
