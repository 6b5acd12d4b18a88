using System.Globalization;
using System.Text;

namespace AllInOne.Core.Documents.Queries.Filters;

/// <summary>Cuts a filter into tokens, one at a time. It reads each character once, so its cost is the length of the text.</summary>
internal ref struct FilterTokenizer(string text)
{
    private const string Parameter = "filter";

    private readonly string _text = text;
    private int _at;

    public FilterToken Next()
    {
        while (_at < _text.Length && _text[_at] is ' ' or '\t' or '\r' or '\n')
        {
            _at++;
        }

        if (_at == _text.Length)
        {
            return new FilterToken(FilterTokenKind.End, _at + 1, "");
        }

        return _text[_at] switch
        {
            '(' => Take(FilterTokenKind.Open, 1),
            ')' => Take(FilterTokenKind.Close, 1),
            '&' when Follows('&') => Take(FilterTokenKind.And, 2),
            '|' when Follows('|') => Take(FilterTokenKind.Or, 2),
            '!' when Follows('=') => Take(FilterOperator.NotEqual, 2),
            '!' => Take(FilterTokenKind.Not, 1),
            '=' => Take(FilterOperator.Equal, 1),
            '<' when Follows('=') => Take(FilterOperator.LessOrEqual, 2),
            '<' => Take(FilterOperator.Less, 1),
            '>' when Follows('=') => Take(FilterOperator.GreaterOrEqual, 2),
            '>' => Take(FilterOperator.Greater, 1),
            '~' => Take(FilterOperator.Contains, 1),
            '"' or '\'' => String(),
            var c when IsWord(c) => Word(),
            '&' => throw Problem(_at, "'&&' is written with two signs"),
            '|' => throw Problem(_at, "'||' is written with two signs"),
            var c => throw Problem(_at, char.IsControl(c) || char.IsSurrogate(c)
                ? $"the character U+{(int)c:X4} means nothing here"
                : $"'{c}' means nothing here"),
        };
    }

    // A plus sign is only allowed in an exponent; the parser refuses it elsewhere.
    private static bool IsWord(char c) => FieldPath.IsCharacter(c) || c is '.' or '+';

    private static QueryException Problem(int at, string problem) => new(Parameter, at + 1, problem);

    private readonly bool Follows(char c) => _at + 1 < _text.Length && _text[_at + 1] == c;

    private FilterToken Take(FilterTokenKind kind, int length)
    {
        var token = new FilterToken(kind, _at + 1, _text.Substring(_at, length));
        _at += length;
        return token;
    }

    private FilterToken Take(FilterOperator comparison, int length) =>
        Take(FilterTokenKind.Operator, length) with { Operator = comparison };

    private FilterToken Word()
    {
        var end = _at;
        while (end < _text.Length && IsWord(_text[end]))
        {
            end++;
        }

        return Take(FilterTokenKind.Word, end - _at);
    }

    private FilterToken String()
    {
        var start = _at;
        var quote = _text[_at++];
        var said = new StringBuilder();
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (c == quote)
            {
                _at++;
                return new FilterToken(FilterTokenKind.String, start + 1, Checked(said.ToString(), start));
            }

            said.Append(c == '\\' ? Escape() : c);
            _at++;
        }

        throw Problem(start, "the string does not end");
    }

    /// <summary>Reads an escape. Afterwards the position is at its last character.</summary>
    private char Escape()
    {
        var start = _at++;
        switch (_at < _text.Length ? _text[_at] : '\0')
        {
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case var same and ('"' or '\'' or '\\' or '/'):
                return same;
            case 'u' when _at + 4 < _text.Length
                && ushort.TryParse(_text.AsSpan(_at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                _at += 4;
                return (char)code;
            default:
                throw Problem(start, "no such escape: \\\" \\' \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
        }
    }

    // A string function of an engine may stop at U+0000, and a lone surrogate is not valid text. Neither can be compared.
    private static string Checked(string said, int start)
    {
        for (var i = 0; i < said.Length; i++)
        {
            if (said[i] == '\0')
            {
                throw Problem(start, "the string holds U+0000");
            }

            if (char.IsSurrogatePair(said, i))
            {
                i++;
            }
            else if (char.IsSurrogate(said[i]))
            {
                throw Problem(start, "the string holds half a surrogate pair");
            }
        }

        return said;
    }
}
