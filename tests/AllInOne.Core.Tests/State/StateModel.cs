using System.Globalization;

namespace AllInOne.Core.Tests.State;

/// <summary>A model of the state in the plainest way: one dictionary, one thread. It has numbers and lists of numbers.</summary>
internal sealed class StateModel
{
    private Dictionary<string, (string Value, TimeSpan? End)> _all = [];
    private TimeSpan _now;

    public StateModel Copy() => new() { _all = new(_all), _now = _now };

    public void Become(StateModel other) => _all = other._all;

    public void Advance(TimeSpan time)
    {
        _now += time;
        foreach (var (key, (_, end)) in _all.Where(one => one.Value.End <= _now).ToList())
        {
            _ = end;
            _all.Remove(key);
        }
    }

    public string? Find(string key) => _all.TryGetValue(key, out var there) ? there.Value : null;

    public string Put(string key, string value, TimeSpan? ttl)
    {
        _all[key] = (value, _now + ttl);
        return "Stored";
    }

    public string Delete(string key) => _all.Remove(key) ? "Deleted" : "!NotFound";

    public string Increment(string key, string by, TimeSpan? ttl)
    {
        if (Find(key) is { } list && list.StartsWith('['))
        {
            return "!Refused";
        }

        var sum = int.Parse(Find(key) ?? "0", CultureInfo.InvariantCulture) + int.Parse(by, CultureInfo.InvariantCulture);
        return Change(key, sum.ToString(CultureInfo.InvariantCulture), ttl);
    }

    public string Push(string key, string element, TimeSpan? ttl) => Elements(key) is { } elements ? Change(key, List([.. elements, element]), ttl) : "!Refused";

    public string Add(string key, string member, TimeSpan? ttl) => Elements(key) is not { } members ? "!Refused"
        : members.Contains(member) ? "Unchanged"
        : Change(key, List([.. members, member]), ttl);

    public string Pop(string key, bool last)
    {
        if (Elements(key) is not { } elements)
        {
            return "!Refused";
        }

        if (elements.Count == 0)
        {
            return "!NotFound";
        }

        var taken = last ? elements[^1] : elements[0];
        elements.RemoveAt(last ? elements.Count - 1 : 0);
        if (elements.Count == 0)
        {
            _all.Remove(key);
        }
        else
        {
            Change(key, List(elements), null);
        }

        return $"took {taken}";
    }

    private string Change(string key, string value, TimeSpan? ttl)
    {
        _all[key] = (value, _all.TryGetValue(key, out var there) ? there.End : _now + ttl);
        return "Stored";
    }

    /// <summary>Null if the value is no list.</summary>
    private List<string>? Elements(string key) => (Find(key) ?? "[]") is var text && text.StartsWith('[')
        ? [.. text.Trim('[', ']').Split(',', StringSplitOptions.RemoveEmptyEntries)]
        : null;

    private static string List(IEnumerable<string> elements) => $"[{string.Join(',', elements)}]";
}
