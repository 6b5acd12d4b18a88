using System.Globalization;
using System.Text.RegularExpressions;
using AllInOne.Core.Values;
using AllInOne.Server.Http.Answers;
using Microsoft.AspNetCore.WebUtilities;

namespace AllInOne.Server.Http.Requests;

/// <summary>
/// Reads the query of one request strictly: each parameter is asked for once, and <see cref="Wrong"/> then says all that
/// was wrong, parameters that nobody asked for included, so that a misspelt filter never answers everything.
/// </summary>
internal sealed partial class QueryReader(HttpRequest request)
{
    // Read here and not by the request, which would hold it for as long as a live client waits.
    private readonly List<(string Name, string Value)> _query = Parse(request.QueryString.Value);
    private readonly InputErrors _errors = new();
    private readonly List<string> _asked = [];

    /// <summary>The problem to answer where a resource takes no parameters and the request has some.</summary>
    public static Problem? None(HttpRequest request) => request.QueryString.HasValue ? new QueryReader(request).Wrong() : null;

    /// <summary>Null when the parameter is absent. Without a value, or given twice, it is wrong.</summary>
    public string? Text(string name, int maxLength = 512)
    {
        var values = Values(name);
        if (values.Length > 1)
        {
            _errors.Add(name, "is given more than once");
            return null;
        }

        if (values is [{ Length: var length }] && length > maxLength)
        {
            _errors.Add(name, $"is longer than {maxLength} characters");
            return null;
        }

        if (values is [{ Length: 0 }])
        {
            _errors.Add(name, "has no value");
            return null;
        }

        return values is [var text] ? text : null;
    }

    /// <summary>A parameter that may be repeated.</summary>
    public IReadOnlyList<string> Many(string name) => Values(name);

    public int Whole(string name, int otherwise, int min, int max)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }

        _errors.Add(name, $"must be a whole number from {min} to {max}");
        return otherwise;
    }

    public TimeSpan Seconds(string name, TimeSpan otherwise, TimeSpan max)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= max.TotalSeconds)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        _errors.Add(name, $"must be a number of seconds from 0 to {max.TotalSeconds.ToString(CultureInfo.InvariantCulture)}");
        return otherwise;
    }

    /// <summary><c>true</c> or <c>false</c>; false when it is not there.</summary>
    public bool Flag(string name)
    {
        var text = Text(name);
        Refuse(name, "must be true or false", unless: text is null or "true" or "false");
        return text == "true";
    }

    /// <summary>A moment as RFC 3339, with its offset: without one it would mean another moment on another machine.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        // A plus sign that was not escaped arrives as a space.
        var repaired = text.Replace(' ', '+');
        if (Rfc3339().IsMatch(repaired)
            && DateTimeOffset.TryParse(repaired, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var time))
        {
            return time;
        }

        _errors.Add(name, "must be a time such as 2026-01-31T12:00:00Z");
        return null;
    }

    /// <summary>Adds a reason that only the caller can see.</summary>
    public void Refuse(string name, string reason, bool unless = false)
    {
        if (!unless)
        {
            _errors.Add(name, reason);
        }
    }

    /// <summary>The problem to answer, if anything was wrong. Asked last.</summary>
    public Problem? Wrong()
    {
        if (_query.Count > 0)
        {
            var reason = _asked.Count == 0 ? "there are no parameters here" : $"is none of {string.Join(", ", _asked)}";
            foreach (var name in Others())
            {
                _errors.Add(name, reason);
            }
        }

        return _errors.Any ? Problem.BadQuery(_errors) : null;
    }

    private string[] Values(string name)
    {
        _asked.Add(name);
        return _query.Count == 0 ? [] : [.. _query.Where(one => Same(one.Name, name)).Select(one => one.Value)];
    }

    private IEnumerable<string> Others() =>
        _query.Select(one => one.Name).Distinct(StringComparer.OrdinalIgnoreCase).Where(name => !_asked.Exists(asked => Same(asked, name)));

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static List<(string Name, string Value)> Parse(string? query)
    {
        List<(string, string)> all = [];
        foreach (var pair in new QueryStringEnumerable(query))
        {
            all.Add((pair.DecodeName().ToString(), pair.DecodeValue().ToString()));
        }

        return all;
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)$", RegexOptions.CultureInvariant)]
    private static partial Regex Rfc3339();
}
