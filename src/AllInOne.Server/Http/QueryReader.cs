using System.Globalization;
using System.Text.RegularExpressions;

namespace AllInOne.Server.Http;

/// <summary>
/// Reads the query of one request strictly: each parameter is asked for once, and <see cref="Wrong"/> then says all that
/// was wrong, parameters that nobody asked for included, so that a misspelt filter never answers everything.
/// </summary>
internal sealed partial class QueryReader(HttpRequest request)
{
    private readonly InputErrors _errors = new();
    private readonly HashSet<string> _asked = new(StringComparer.OrdinalIgnoreCase);

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

        return values is [{ Length: > 0 } text] ? text : null;
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
        foreach (var name in request.Query.Keys.Where(name => !_asked.Contains(name)))
        {
            _errors.Add(name, _asked.Count == 0 ? "there are no parameters here" : $"is none of {string.Join(", ", _asked)}");
        }

        return _errors.Any ? Problem.BadQuery(_errors.ByName) : null;
    }

    private string[] Values(string name)
    {
        _asked.Add(name);
        return [.. request.Query[name].Select(value => value ?? "")];
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)$", RegexOptions.CultureInvariant)]
    private static partial Regex Rfc3339();
}
