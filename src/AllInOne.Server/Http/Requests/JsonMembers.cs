using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using AllInOne.Core.Values.Json;
using AllInOne.Server.Http.Answers;

namespace AllInOne.Server.Http.Requests;

/// <summary>
/// Takes a JSON object apart strictly, member by member. <see cref="Wrong"/> then says all that was wrong, members that
/// nobody asked for included: a misspelt member is never ignored. A member that is null counts as absent.
/// </summary>
internal sealed class JsonMembers
{
    private readonly InputErrors _errors = new();
    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly List<string> _asked = [];

    /// <summary>An object without members.</summary>
    public JsonMembers()
    {
    }

    public JsonMembers(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            _errors.Add("body", "must be an object");
            return;
        }

        foreach (var member in json.EnumerateObject())
        {
            _members[member.Name] = member.Value;
        }
    }

    /// <summary>A member that must be there, though it may be null, and must be a single value.</summary>
    public JsonElement Scalar(string name)
    {
        var (there, value) = Take(name);
        if (!there)
        {
            _errors.Add(name, "is missing");
        }
        else if (value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
        {
            _errors.Add(name, "must be a string, a number, true, false or null");
        }

        return value;
    }

    public JsonElement? Object(string name) => Optional(name, "an object", JsonValueKind.Object);

    public bool Flag(string name) =>
        Optional(name, "true or false", JsonValueKind.True, JsonValueKind.False) is { ValueKind: JsonValueKind.True };

    /// <summary>A whole number.</summary>
    /// <param name="otherwise">Its value when it is absent; null: it must be there.</param>
    public long Whole(string name, long min, long max, long? otherwise = null)
    {
        if (Present(name, optional: otherwise is not null) is not { } value)
        {
            return otherwise ?? min;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= min && number <= max)
        {
            return number;
        }

        _errors.Add(name, min == long.MinValue ? $"must be a whole number up to {max}" : $"must be a whole number from {min} to {max}");
        return min;
    }

    /// <summary>A number, or <paramref name="otherwise"/> when it is absent.</summary>
    public double Number(string name, double min, double max, double otherwise)
    {
        if (Present(name, optional: true) is not { } value)
        {
            return otherwise;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= min && number <= max)
        {
            return number;
        }

        _errors.Add(name, string.Create(CultureInfo.InvariantCulture, $"must be a number from {min} to {max}"));
        return otherwise;
    }

    /// <summary>A number to its last digit, or <paramref name="otherwise"/> when it is absent.</summary>
    public decimal Decimal(string name, decimal otherwise)
    {
        if (Present(name, optional: true) is not { } value)
        {
            return otherwise;
        }

        if (value.ValueKind == JsonValueKind.Number && ExactNumber.Parse(JsonMarshal.GetRawUtf8Value(value)) is { } number)
        {
            return number;
        }

        _errors.Add(name, "must be a number of at most 28 digits, all of which count");
        return otherwise;
    }

    /// <summary>A time in seconds, above zero unless that is allowed; null when it is absent.</summary>
    public TimeSpan? Seconds(string name, TimeSpan max, bool orZero = false)
    {
        if (Present(name, optional: true) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds)
            && (seconds > 0 || (orZero && seconds == 0)) && seconds <= max.TotalSeconds)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        _errors.Add(name, string.Create(CultureInfo.InvariantCulture, $"must be a number of seconds {(orZero ? "from 0 to" : "above 0, up to")} {max.TotalSeconds}"));
        return null;
    }

    /// <summary>A value of any kind; undefined when it is absent.</summary>
    public JsonElement Any(string name) => Take(name) is (true, var value) ? value : default;

    /// <summary>The elements of an array; null when it is absent.</summary>
    public IReadOnlyList<JsonElement>? Array(string name) =>
        Optional(name, "an array", JsonValueKind.Array) is { } array ? [.. array.EnumerateArray()] : null;

    /// <summary>One of the names of an enum, in lower case.</summary>
    public T OneOf<T>(string name)
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>().Select(each => each.ToLowerInvariant()).ToList();
        if (Present(name, optional: false) is not { } value)
        {
            return default;
        }

        if (value.ValueKind == JsonValueKind.String && names.IndexOf(value.GetString()!) is var at and >= 0)
        {
            return Enum.GetValues<T>()[at];
        }

        _errors.Add(name, $"must be one of {string.Join(", ", names)}");
        return default;
    }

    public string? Text(string name, int maxLength) => Text(name, maxLength, optional: true);

    /// <summary>A text that must be there.</summary>
    public string RequiredText(string name, int maxLength) => Text(name, maxLength, optional: false) ?? "";

    private string? Text(string name, int maxLength, bool optional)
    {
        if (Present(name, optional) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            _errors.Add(name, "must be a string");
            return null;
        }

        var text = value.GetString()!;
        if (text.Length > maxLength)
        {
            _errors.Add(name, $"is longer than {maxLength} characters");
        }

        return text;
    }

    /// <summary>Adds a reason that only the caller can see.</summary>
    public void Refuse(string name, string reason) => _errors.Add(name, reason);

    /// <summary>The problem to answer, if anything was wrong. Asked last.</summary>
    public Problem? Wrong()
    {
        if (_members.Count > 0)
        {
            var reason = $"is none of {string.Join(", ", _asked)}";
            foreach (var name in _members.Keys)
            {
                _errors.Add(name, reason);
            }
        }

        return _errors.Any ? Problem.Unprocessable(_errors) : null;
    }

    private JsonElement? Present(string name, bool optional)
    {
        var (there, value) = Take(name);
        if (there && value.ValueKind != JsonValueKind.Null)
        {
            return value;
        }

        if (!optional)
        {
            _errors.Add(name, "is missing");
        }

        return null;
    }

    private JsonElement? Optional(string name, string expected, params ReadOnlySpan<JsonValueKind> kinds)
    {
        var (there, value) = Take(name);
        if (!there || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (kinds.Contains(value.ValueKind))
        {
            return value;
        }

        _errors.Add(name, $"must be {expected}");
        return null;
    }

    private (bool There, JsonElement Value) Take(string name)
    {
        _asked.Add(name);
        return (_members.Remove(name, out var value), value);
    }
}
