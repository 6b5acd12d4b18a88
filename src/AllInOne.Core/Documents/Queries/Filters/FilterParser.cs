using System.Globalization;
using System.Text.Json;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Documents.Queries.Filters;

/// <summary>
/// The parser of filters: recursive descent with a look-ahead of one token:
/// <code>
/// any        = all { "||" all }
/// all        = one { "&amp;&amp;" one }
/// one        = "!" one | "(" any ")" | comparison
/// comparison = path ( "=" | "!=" | "&lt;" | "&lt;=" | "&gt;" | "&gt;=" | "~" ) value
/// value      = string | number | "true" | "false" | "null"
/// </code>
/// </summary>
internal ref struct FilterParser
{
    private const string Parameter = "filter";

    private readonly QueryLimits _limits;
    private FilterTokenizer _tokens;
    private FilterToken _token;
    private int _terms;
    private int _depth;

    private FilterParser(string text, QueryLimits limits)
    {
        _limits = limits;
        _tokens = new FilterTokenizer(text);
        _token = _tokens.Next();
    }

    /// <returns>Null if the text is blank: every document matches.</returns>
    /// <exception cref="QueryException">The text is not a filter, or exceeds a limit.</exception>
    public static Filter? Parse(string text, QueryLimits limits)
    {
        if (text.Length > limits.MaxLength)
        {
            throw new QueryException(Parameter, limits.MaxLength + 1, $"a filter has at most {limits.MaxLength} characters, not {text.Length}");
        }

        var parser = new FilterParser(text, limits);
        return parser._token.Kind == FilterTokenKind.End ? null : parser.Whole();
    }

    private Filter Whole()
    {
        var filter = Any();
        return _token.Kind switch
        {
            FilterTokenKind.End => filter,
            FilterTokenKind.Close => throw Problem("this parenthesis was never opened"),
            _ => throw Problem($"'&&' or '||' is expected, not {_token.Name}"),
        };
    }

    private Filter Any()
    {
        var first = All();
        if (_token.Kind != FilterTokenKind.Or)
        {
            return first;
        }

        List<Filter> terms = [first];
        while (_token.Kind == FilterTokenKind.Or)
        {
            Advance();
            terms.Add(All());
        }

        return new Filter.Any(terms);
    }

    private Filter All()
    {
        var first = One();
        if (_token.Kind != FilterTokenKind.And)
        {
            return first;
        }

        List<Filter> terms = [first];
        while (_token.Kind == FilterTokenKind.And)
        {
            Advance();
            terms.Add(One());
        }

        return new Filter.All(terms);
    }

    private Filter One()
    {
        if (_token.Kind is not (FilterTokenKind.Not or FilterTokenKind.Open))
        {
            return Comparison();
        }

        if (++_depth > _limits.MaxDepth)
        {
            throw Problem($"at most {_limits.MaxDepth} parentheses and negations may be inside one another");
        }

        var filter = Advance().Kind == FilterTokenKind.Not ? new Filter.Not(One()) : Inside();
        _depth--;
        return filter;
    }

    private Filter Inside()
    {
        var filter = Any();
        if (_token.Kind != FilterTokenKind.Close)
        {
            throw Problem($"')', '&&' or '||' is expected, not {_token.Name}");
        }

        Advance();
        return filter;
    }

    private Filter.Comparison Comparison()
    {
        if (_token.Kind != FilterTokenKind.Word)
        {
            throw Problem($"the name of a field is expected, not {_token.Name}");
        }

        if (++_terms > _limits.MaxTerms)
        {
            throw Problem($"a filter has at most {_limits.MaxTerms} comparisons");
        }

        var name = Advance();
        var field = FieldPath.Parse(name.Text, Parameter, name.Position);
        if (_token.Kind != FilterTokenKind.Operator)
        {
            throw Problem($"'=', '!=', '<', '<=', '>', '>=' or '~' is expected, not {_token.Name}");
        }

        var comparison = Advance().Operator;
        var value = Value();
        if (field.IsTime && value.Kind == JsonValueKind.String)
        {
            CheckTime(field, comparison, value.Text);
        }

        Advance();
        return new Filter.Comparison(field, comparison, value);
    }

    private readonly FilterValue Value() => _token.Kind switch
    {
        FilterTokenKind.String => FilterValue.String(_token.Text),
        FilterTokenKind.Word => _token.Text switch
        {
            "null" => FilterValue.Null,
            "true" => FilterValue.True,
            "false" => FilterValue.False,
            var text => Number(text),
        },
        _ => throw Problem($"a value is expected, not {_token.Name}"),
    };

    private readonly FilterValue Number(string text)
    {
        if (!JsonNumber.TryCanonical(text, out _))
        {
            throw Problem($"a value is expected: a string in quotes, a number, true, false or null, not {_token.Name}");
        }

        return Math.Abs(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)) <= MaxNumber
            ? FilterValue.Number(text)
            : throw Problem("the number is too large");
    }

    /// <summary>The greatest absolute value of a number. The index keys of null, false and true may be beyond it.</summary>
    private const double MaxNumber = 1.76e308;

    private readonly void CheckTime(FieldPath field, FilterOperator comparison, string text)
    {
        if (comparison == FilterOperator.Contains)
        {
            throw Problem($"'~' does not go with '{field}'");
        }

        if (!TimeText.TryParse(text, out _))
        {
            throw Problem($"'{field}' is compared with a time such as \"2026-01-31T12:00:00Z\"");
        }
    }

    private FilterToken Advance()
    {
        var taken = _token;
        _token = _tokens.Next();
        return taken;
    }

    private readonly QueryException Problem(string problem) => new(Parameter, _token.Position, problem);
}
