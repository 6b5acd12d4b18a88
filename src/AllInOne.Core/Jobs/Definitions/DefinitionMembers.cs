using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Jobs.Definitions;

/// <summary>
/// A strict reader of one JSON object of a definition. It collects errors by the path of the member. A member that the caller does not read is
/// an error, too. Null counts as absent.
/// </summary>
internal sealed class DefinitionMembers
{
    private readonly Dictionary<string, JsonElement> _left = new(StringComparer.Ordinal);
    private readonly List<string> _known = [];
    private readonly SortedDictionary<string, string[]> _errors;
    private readonly string _path;

    public DefinitionMembers(JsonElement json, SortedDictionary<string, string[]> errors, string path = "")
    {
        (_errors, _path) = (errors, path);
        if (json.ValueKind != JsonValueKind.Object)
        {
            Refuse("", "must be an object");
            return;
        }

        foreach (var member in json.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.Null)
            {
                _left[member.Name] = member.Value;
            }
            else
            {
                _left.TryAdd(member.Name, default);
            }
        }
    }

    public void Refuse(string name, string reason)
    {
        var path = (_path, name) switch
        {
            ("", "") => "body",
            ("", _) => name,
            (_, "") => _path,
            _ => $"{_path}.{name}",
        };
        (path, reason) = (Excerpt.Of(path), Excerpt.Of(reason, Excerpt.Message));
        _errors[path] = _errors.TryGetValue(path, out var there) ? [.. there, reason] : [reason];
    }

    public bool Has(string name) => _left.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Undefined;

    /// <summary>Takes the value of a member; undefined if it is absent.</summary>
    public JsonElement Take(string name)
    {
        _known.Add(name);
        return _left.Remove(name, out var value) ? value : default;
    }

    public DefinitionMembers? Object(string name) =>
        Take(name) is { ValueKind: not JsonValueKind.Undefined } value ? new DefinitionMembers(value, _errors, _path.Length == 0 ? name : $"{_path}.{name}") : null;

    /// <summary>Takes the value of a text member; null if it is absent or invalid.</summary>
    public string? Text(string name, int most, bool needed = false)
    {
        switch (Take(name))
        {
            case { ValueKind: JsonValueKind.Undefined }:
                if (needed)
                {
                    Refuse(name, "is missing");
                }

                return null;
            case { ValueKind: JsonValueKind.String } value:
                var text = value.GetString()!;
                if (text.Length <= most && !(needed && text.Length == 0) && !text.Contains('\0', StringComparison.Ordinal))
                {
                    return text;
                }

                Refuse(name, needed ? $"must have 1 to {most} characters, and no NUL" : $"may have at most {most} characters, and no NUL");
                return null;
            default:
                Refuse(name, "must be a string");
                return null;
        }
    }

    public int Whole(string name, int least, int most, int otherwise)
    {
        var value = Take(name);
        if (value.ValueKind == JsonValueKind.Undefined)
        {
            return otherwise;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most)
        {
            return number;
        }

        Refuse(name, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {least} to {most}"));
        return otherwise;
    }

    public decimal Decimal(string name, decimal otherwise)
    {
        var value = Take(name);
        if (value.ValueKind == JsonValueKind.Undefined)
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

    public bool Flag(string name, bool otherwise)
    {
        switch (Take(name).ValueKind)
        {
            case JsonValueKind.Undefined:
                return otherwise;
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            default:
                Refuse(name, "must be true or false");
                return otherwise;
        }
    }

    public T OneOf<T>(string name, T otherwise)
        where T : struct, Enum => OneOf<T>(name, needed: false) ?? otherwise;

    /// <summary>A name of the enum in camel case.</summary>
    public T? OneOf<T>(string name, bool needed)
        where T : struct, Enum
    {
        var text = Text(name, 64, needed);
        if (text is null)
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

    public TimeSpan? Duration(string name, TimeSpan least, TimeSpan most)
    {
        if (Text(name, 64) is not { } text)
        {
            return null;
        }

        if (IsoDuration.TryRead(text, out var duration) && duration >= least && duration <= most)
        {
            return duration;
        }

        Refuse(name, $"must be a duration in weeks, days, hours, minutes and seconds such as PT30S or P1D, from {IsoDuration.Write(least)} to {IsoDuration.Write(most)}");
        return null;
    }

    public IReadOnlyList<string> Texts(string name, int most, int longest)
    {
        var value = Take(name);
        if (value.ValueKind == JsonValueKind.Undefined)
        {
            return [];
        }

        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() <= most
            && value.EnumerateArray().All(each => IsText(each, longest)))
        {
            return [.. value.EnumerateArray().Select(each => each.GetString()!)];
        }

        Refuse(name, $"must be an array of at most {most} strings of at most {longest} characters, without NUL");
        return [];
    }

    public IReadOnlyDictionary<string, string> Map(string name, int most, int longest)
    {
        var value = Take(name);
        if (value.ValueKind == JsonValueKind.Undefined)
        {
            return new Dictionary<string, string>();
        }

        if (value.ValueKind == JsonValueKind.Object && value.EnumerateObject().Count() <= most
            && value.EnumerateObject().All(each => each.Name.Length is > 0 and <= 256 && !each.Name.Contains('\0', StringComparison.Ordinal) && IsText(each.Value, longest)))
        {
            return value.EnumerateObject().ToDictionary(each => each.Name, each => each.Value.GetString()!, StringComparer.Ordinal);
        }

        Refuse(name, $"must be an object of at most {most} strings of at most {longest} characters, without NUL");
        return new Dictionary<string, string>();
    }

    /// <summary>Accepts and ignores these members.</summary>
    public void Ignore(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            _left.Remove(name);
        }
    }

    /// <summary>Reports members that were not read. Call it last.</summary>
    public void End()
    {
        foreach (var name in _left.Keys)
        {
            Refuse(name, $"is none of {string.Join(", ", _known)}");
        }
    }

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly OrderedDictionary<string, T> Values = new(
            Enum.GetValues<T>().Select(value => KeyValuePair.Create(JobDefinitionJson.Name(value), value)), StringComparer.Ordinal);
    }

    private static bool IsText(JsonElement value, int longest) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is { } text && text.Length <= longest && !text.Contains('\0', StringComparison.Ordinal);
}
