using System.Text;
using System.Text.Json;
using AllInOne.Core.Documents.Queries.Filters;
using AllInOne.Core.Storage;

namespace AllInOne.Core.Documents.Queries.Evaluation;

/// <summary>
/// A range of the keys of one index. Every document that matches the filter has its key in the range, but not every key in the range belongs to a
/// match, so the filter is checked again.
/// </summary>
/// <param name="From">The lowest bytes of the range.</param>
/// <param name="To">The first bytes after the range.</param>
/// <param name="IsEquality">Whether all keys of the range belong to one value.</param>
internal sealed record IndexRange(byte[] From, byte[] To, bool IsEquality)
{
    /// <summary>The range of all keys.</summary>
    public static IndexRange Whole { get; } = new([], [0xFF], false);

    /// <summary>The range of a filter in the index of a field; null if the filter says nothing about the field.</summary>
    public static IndexRange? Of(Filter? filter, FieldPath field) => filter switch
    {
        Filter.All all => all.Terms.Select(term => Of(term, field)).Aggregate((IndexRange?)null, Both),
        Filter.Any any => any.Terms.Select(term => Of(term, field)).ToList() is var ranges && ranges.Contains(null) ? null : ranges.Aggregate(Hull),
        Filter.Comparison comparison when comparison.Field == field => Of(comparison),
        _ => null,
    };

    private static IndexRange? Of(Filter.Comparison comparison)
    {
        var (field, compare, value) = comparison;
        if (compare is FilterOperator.Contains or FilterOperator.NotEqual)
        {
            return null;
        }

        if (field.IsTime)
        {
            return FilterEvaluator.Time(compare, value) is var (own, time)
                ? Of(own, StoredValue.From(time), FieldKey.LeastNumber, FieldKey.LeastText)
                : null;
        }

        return value.Kind switch
        {
            JsonValueKind.Number => OfNumber(compare, FilterEvaluator.Number(value.Text)),
            JsonValueKind.String => Of(
                compare,
                StoredValue.From(FieldKey.Beginning(Encoding.UTF8.GetBytes(value.Text), out _).ToArray()),
                FieldKey.LeastText,
                FieldKey.Other),
            _ when compare != FilterOperator.Equal => null,
            JsonValueKind.True => Equal(FieldKey.True),
            JsonValueKind.False => Equal(FieldKey.False),
            _ => Equal(FieldKey.Null),
        };
    }

    // The key of a number below the least one is the least one, so a comparison with such a number gives the range of the least one.
    private static IndexRange OfNumber(FilterOperator compare, StoredValue number) =>
        Of(compare, FieldKey.IsNumber(number) ? number : FieldKey.LeastNumber, FieldKey.LeastNumber, FieldKey.LeastText);

    private static IndexRange Of(FilterOperator compare, StoredValue value, StoredValue least, StoredValue next) => compare switch
    {
        FilterOperator.Equal => Equal(value),
        FilterOperator.Less or FilterOperator.LessOrEqual => new IndexRange(IndexKey.Start(least), IndexKey.End(value), false),
        _ => new IndexRange(IndexKey.Start(value), IndexKey.Start(next), false),
    };

    private static IndexRange Equal(StoredValue value) => new(IndexKey.Start(value), IndexKey.End(value), true);

    private static IndexRange? Both(IndexRange? one, IndexRange? other) =>
        one is null ? other
        : other is null ? one
        : new IndexRange(Max(one.From, other.From), Min(one.To, other.To), one.IsEquality || other.IsEquality);

    private static IndexRange Hull(IndexRange? one, IndexRange? other) =>
        new(Min(one!.From, other!.From), Max(one.To, other.To), false);

    private static byte[] Min(byte[] one, byte[] other) => one.AsSpan().SequenceCompareTo(other) <= 0 ? one : other;

    private static byte[] Max(byte[] one, byte[] other) => one.AsSpan().SequenceCompareTo(other) >= 0 ? one : other;
}
