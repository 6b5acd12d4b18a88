using AllInOne.Core.Values;

namespace AllInOne.Core.Documents.Queries.Filters;

internal enum FilterTokenKind
{
    /// <summary>A path, a number, true, false or null: which one, the place says.</summary>
    Word,
    String,
    Operator,
    And,
    Or,
    Not,
    Open,
    Close,
    End,
}

/// <param name="Position">Of its first character, from 1.</param>
/// <param name="Text">What was written; of a string what it says.</param>
internal readonly record struct FilterToken(FilterTokenKind Kind, int Position, string Text, FilterOperator Operator = default)
{
    public string Name => Kind switch
    {
        FilterTokenKind.End => "the end",
        FilterTokenKind.String => "a string",
        _ => $"'{Excerpt.Of(Text)}'",
    };
}
