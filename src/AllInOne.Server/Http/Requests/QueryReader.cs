using System.Globalization;
using System.Text.RegularExpressions;
using AllInOne.Core.Values;
using AllInOne.Server.Http.Answers;
using Microsoft.AspNetCore.WebUtilities;

namespace AllInOne.Server.Http.Requests;

/// <summary>
/// The strict reader of the query of one request. The endpoint reads each parameter once; then <see cref="Wrong"/> reports all faults. A parameter
/// that was not read is a fault too, so that a misspelt filter does not return everything.
/// </summary>
internal sealed partial class QueryReader(HttpRequest request)
{
    // Parsed here, because the request would keep its own parsed query in memory while a live client waits.
    private readonly List<(string Name, string Value)> _query = Parse(request.QueryString.Value);
    private readonly InputErrors _errors = new();
    private readonly List<string> _asked = [];

    /// <summary>The problem to answer if a resource takes no parameters but the request has some; otherwise null.</summary>
    public static Problem? None(HttpRequest request) => request.QueryString.HasValue ? new QueryReader(request).Wrong() : null;

    /// <summary>Reads a text; null if the parameter is missing. It is wrong without a value, or if it is given twice.</summary>
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

    /// <summary>Reads a parameter that may be repeated.</summary>
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

    /// <summary>Reads <c>true</c> or <c>false</c>; false if the parameter is missing.</summary>
    public bool Flag(string name)
    {
        var text = Text(name);
        Refuse(name, "must be true or false", unless: text is null or "true" or "false");
        return text == "true";
    }

    /// <summary>Reads a time (RFC 3339). It must have an offset, because without one its meaning depends on the machine.</summary>
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

    /// <summary>Adds a fault that the caller has found.</summary>
    public void Refuse(string name, string reason, bool unless = false)
    {
        if (!unless)
        {
            _errors.Add(name, reason);
        }
    }

    /// <summary>The problem to answer if anything was wrong; otherwise null. Call it last.</summary>
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
