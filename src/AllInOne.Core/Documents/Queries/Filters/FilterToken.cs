using AllInOne.Core.Values;

namespace AllInOne.Core.Documents.Queries.Filters;

internal enum FilterTokenKind
{
    /// <summary>A path, a number, true, false or null. The parser decides which one by the position.</summary>
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

/// <param name="Position">The position of its first character, from 1.</param>
/// <param name="Text">The original text; for a string, its content.</param>
internal readonly record struct FilterToken(FilterTokenKind Kind, int Position, string Text, FilterOperator Operator = default)
{
    public string Name => Kind switch
    {
        FilterTokenKind.End => "the end",
        FilterTokenKind.String => "a string",
        _ => $"'{Excerpt.Of(Text)}'",
    };
}
