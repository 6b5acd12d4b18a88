using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Values.Json;

/// <summary>
/// Reads a JSON object strictly, member by member. Each method reads one member; what is wrong with it goes to <see cref="Errors"/>, by the path
/// of the member. A member that no method has read is wrong, too (<see cref="End"/>): a misspelt member is never ignored. A member that is null counts as
/// absent, unless a method says otherwise.
/// </summary>
public sealed class JsonMembers
{
    private readonly Dictionary<string, JsonElement> _left = new(StringComparer.Ordinal);
    private readonly List<string> _known = [];
    private readonly string _path;

    /// <summary>An object without members.</summary>
    public JsonMembers() => (Errors, _path) = (new InputErrors(), "");

    public JsonMembers(JsonElement json)
        : this(json, new InputErrors(), "")
    {
    }

    private JsonMembers(JsonElement json, InputErrors errors, string path)
    {
        (Errors, _path) = (errors, path);
        if (json.ValueKind != JsonValueKind.Object)
        {
            Refuse("", "must be an object");
            return;
        }

        foreach (var member in json.EnumerateObject())
        {
            _left[member.Name] = member.Value;
        }
    }

    /// <summary>All errors so far, also those of the objects inside this one.</summary>
    public InputErrors Errors { get; }

    /// <summary>Adds an error that only the caller can find.</summary>
    /// <param name="name">The member; empty for the object itself.</param>
    /// <param name="reason">Follows the name: "must be a number".</param>
    public void Refuse(string name, string reason) => Errors.Add(
        (_path, name) switch
        {
            ("", "") => "body",
            ("", _) => name,
            (_, "") => _path,
            _ => $"{_path}.{name}",
        },
        reason);

    /// <summary>Refuses the members that were not read. Called last.</summary>
    public InputErrors End()
    {
        var reason = $"is none of {string.Join(", ", _known)}";
        foreach (var name in _left.Keys)
        {
            Refuse(name, reason);
        }

        return Errors;
    }

    /// <summary>Accepts these members, whatever they are.</summary>
    public void Ignore(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        foreach (var name in names)
        {
            _left.Remove(name);
        }
    }

    /// <summary>Whether the object has this member, the member is not null, and no method has read it yet.</summary>
    public bool Has(string name) => _left.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>A value of any kind, also null; undefined if it is absent.</summary>
    public JsonElement Any(string name)
    {
        _known.Add(name);
        return _left.Remove(name, out var value) ? value : default;
    }

    /// <summary>A value of any kind; undefined if it is absent or null.</summary>
    public JsonElement Value(string name) => Any(name) is { ValueKind: not JsonValueKind.Null } value ? value : default;

    /// <summary>A required member. It may be null, but must be a single value.</summary>
    public JsonElement Scalar(string name)
    {
        var value = Any(name);
        if (value.ValueKind == JsonValueKind.Undefined)
        {
            Refuse(name, "is missing");
        }
        else if (value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
        {
            Refuse(name, "must be a string, a number, true, false or null");
        }

        return value;
    }

    /// <summary>The members of an object; null if it is absent. The caller reads them and calls their <see cref="End"/>.</summary>
    public JsonMembers? Members(string name) =>
        Value(name) is { ValueKind: not JsonValueKind.Undefined } value ? new JsonMembers(value, Errors, _path.Length == 0 ? name : $"{_path}.{name}") : null;

    /// <summary>An object whose members may have any name; null if it is absent.</summary>
    public JsonElement? FreeObject(string name) => Of(name, "an object", JsonValueKind.Object);

    /// <summary>The elements of an array; null if it is absent.</summary>
    public IReadOnlyList<JsonElement>? Array(string name) =>
        Of(name, "an array", JsonValueKind.Array) is { } array ? [.. array.EnumerateArray()] : null;

    public bool Flag(string name, bool otherwise = false) =>
        Of(name, "true or false", JsonValueKind.True, JsonValueKind.False) is { } value ? value.ValueKind == JsonValueKind.True : otherwise;

    /// <summary>A whole number.</summary>
    /// <param name="otherwise">The value if the member is absent; null: the member is required.</param>
    public long Whole(string name, long min, long max, long? otherwise = null)
    {
        if (Present(name, needed: otherwise is null) is not { } value)
        {
            return otherwise ?? min;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= min && number <= max)
        {
            return number;
        }

        Refuse(name, min == long.MinValue ? $"must be a whole number up to {max}" : $"must be a whole number from {min} to {max}");
        return otherwise ?? min;
    }

    /// <summary>A number; <paramref name="otherwise"/> if it is absent.</summary>
    public double Number(string name, double min, double max, double otherwise)
    {
        if (Present(name, needed: false) is not { } value)
        {
            return otherwise;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= min && number <= max)
        {
            return number;
        }

        Refuse(name, string.Create(CultureInfo.InvariantCulture, $"must be a number from {min} to {max}"));
        return otherwise;
    }

    /// <summary>A number with all of its digits; <paramref name="otherwise"/> if it is absent.</summary>
    public decimal Exact(string name, decimal otherwise)
    {
        if (Present(name, needed: false) is not { } value)
        {
            return otherwise;
        }

        if (value.ValueKind == JsonValueKind.Number && ExactNumber.Parse(JsonMarshal.GetRawUtf8Value(value)) is { } number)
        {
            return number;
        }

        Refuse(name, "must be a number of at most 28 digits, all of which count");
        return otherwise;
    }

    /// <summary>A time in seconds, greater than zero unless zero is allowed; null if it is absent.</summary>
    public TimeSpan? Seconds(string name, TimeSpan max, bool orZero = false)
    {
        if (Present(name, needed: false) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds)
            && (seconds > 0 || (orZero && seconds == 0)) && seconds <= max.TotalSeconds)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        Refuse(name, string.Create(CultureInfo.InvariantCulture, $"must be a number of seconds {(orZero ? "from 0 to" : "above 0, up to")} {max.TotalSeconds}"));
        return null;
    }

    /// <summary>A duration in the text form of ISO 8601; null if it is absent or wrong.</summary>
    public TimeSpan? Duration(string name, TimeSpan min, TimeSpan max)
    {
        if (Text(name, 64) is not { } text)
        {
            return null;
        }

        if (IsoDuration.TryRead(text, out var duration) && duration >= min && duration <= max)
        {
            return duration;
        }

        Refuse(name, $"must be a duration in weeks, days, hours, minutes and seconds such as PT30S or P1D, from {IsoDuration.Write(min)} to {IsoDuration.Write(max)}");
        return null;
    }

    /// <summary>A text; null if it is absent or wrong.</summary>
    /// <param name="needed">True: the text is required, and must not be empty.</param>
    /// <param name="allowsNul">True: the text may contain the character U+0000.</param>
    public string? Text(string name, int maxLength, bool needed = false, bool allowsNul = false)
    {
        if (Present(name, needed) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            Refuse(name, "must be a string");
            return null;
        }

        var text = value.GetString()!;
        if (text.Length <= maxLength && !(needed && text.Length == 0) && (allowsNul || !HasNul(text)))
        {
            return text;
        }

        Refuse(name, $"{(needed ? "must have 1 to" : "may have at most")} {maxLength} characters{(allowsNul ? "" : ", and no NUL")}");
        return null;
    }

    /// <summary>An array of texts; empty if it is absent or wrong.</summary>
    public IReadOnlyList<string> Texts(string name, int maxCount, int maxLength)
    {
        if (Value(name) is not { ValueKind: not JsonValueKind.Undefined } value)
        {
            return [];
        }

        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() <= maxCount && value.EnumerateArray().All(each => IsText(each, maxLength)))
        {
            return [.. value.EnumerateArray().Select(each => each.GetString()!)];
        }

        Refuse(name, $"must be an array of at most {maxCount} strings of at most {maxLength} characters, without NUL");
        return [];
    }

    /// <summary>An object whose members are texts; empty if it is absent or wrong.</summary>
    public IReadOnlyDictionary<string, string> Map(string name, int maxCount, int maxLength)
    {
        if (Value(name) is not { ValueKind: not JsonValueKind.Undefined } value)
        {
            return new Dictionary<string, string>();
        }

        if (value.ValueKind == JsonValueKind.Object && value.GetPropertyCount() <= maxCount
            && value.EnumerateObject().All(each => each.Name.Length is > 0 and <= 256 && !HasNul(each.Name) && IsText(each.Value, maxLength)))
        {
            return value.EnumerateObject().ToDictionary(each => each.Name, each => each.Value.GetString()!, StringComparer.Ordinal);
        }

        Refuse(name, $"must be an object of at most {maxCount} strings of at most {maxLength} characters, without NUL");
        return new Dictionary<string, string>();
    }

    /// <summary>One of the names of an enum in camel case; null if it is absent or wrong.</summary>
    public T? OneOf<T>(string name, bool needed)
        where T : struct, Enum
    {
        if (Text(name, 64, needed) is not { } text)
        {
            return null;
        }

        if (Names<T>.Values.TryGetValue(text, out var value))
        {
            return value;
        }

        Refuse(name, $"must be one of {string.Join(", ", Names<T>.Values.Keys)}");
        return null;
    }

    /// <summary>The same; <paramref name="otherwise"/> if it is absent.</summary>
    public T OneOf<T>(string name, T otherwise)
        where T : struct, Enum => OneOf<T>(name, needed: false) ?? otherwise;

    private static bool HasNul(string text) => text.Contains('\0', StringComparison.Ordinal);

    private static bool IsText(JsonElement value, int maxLength) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is { } text && text.Length <= maxLength && !HasNul(text);

    private JsonElement? Present(string name, bool needed)
    {
        var value = Value(name);
        if (value.ValueKind != JsonValueKind.Undefined)
        {
            return value;
        }

        if (needed)
        {
            Refuse(name, "is missing");
        }

        return null;
    }

    private JsonElement? Of(string name, string expected, params ReadOnlySpan<JsonValueKind> kinds)
    {
        var value = Value(name);
        if (value.ValueKind == JsonValueKind.Undefined || kinds.Contains(value.ValueKind))
        {
            return value.ValueKind == JsonValueKind.Undefined ? null : value;
        }

        Refuse(name, $"must be {expected}");
        return null;
    }

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly OrderedDictionary<string, T> Values = new(
            Enum.GetValues<T>().Select(value => KeyValuePair.Create(JsonNamingPolicy.CamelCase.ConvertName(value.ToString()), value)), StringComparer.Ordinal);
    }
}
