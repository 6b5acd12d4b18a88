namespace AllInOne.Server.Http;

/// <summary>What is wrong with an input, by the name of the part; everything is gathered before anything is answered.</summary>
internal sealed class InputErrors
{
    private readonly SortedDictionary<string, string[]> _byName = new(StringComparer.Ordinal);

    public bool Any => _byName.Count > 0;

    public IReadOnlyDictionary<string, string[]> ByName => _byName;

    public void Add(string name, string reason) =>
        _byName[name] = _byName.TryGetValue(name, out var there) ? [.. there, reason] : [reason];
}
