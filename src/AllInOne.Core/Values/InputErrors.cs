namespace AllInOne.Core.Values;

/// <summary>
/// The errors of an input, by the name of the part. All parts are checked before the answer. Only the first
/// <see cref="MostShown"/> reasons are kept, and the number of the others, so the size of an answer is limited.
/// </summary>
public sealed class InputErrors
{
    public const int MostShown = 20;
    private const int ReasonLength = 400;

    /// <summary>The maximum number of characters of all names and reasons together.</summary>
    private const int MostCharacters = 4000;

    /// <summary>The name for all reasons that are not shown.</summary>
    private const string Others = "…";

    private readonly Dictionary<string, List<string>> _byName = new(StringComparer.Ordinal);
    private int _shown;
    private int _characters;
    private int _others;

    public bool Any => _byName.Count > 0;

    public IReadOnlyDictionary<string, string[]> ByName
    {
        get
        {
            var all = new SortedDictionary<string, string[]>(StringComparer.Ordinal);
            foreach (var (name, reasons) in _byName)
            {
                all[name] = [.. reasons];
            }

            if (_others > 0)
            {
                all[Others] = [$"and {_others} more"];
            }

            return all;
        }
    }

    /// <summary>Creates the errors from reasons that were collected elsewhere.</summary>
    public static InputErrors From(IEnumerable<KeyValuePair<string, string[]>> reasons)
    {
        ArgumentNullException.ThrowIfNull(reasons);
        var errors = new InputErrors();
        foreach (var (name, each) in reasons)
        {
            foreach (var reason in each)
            {
                errors.Add(name, reason);
            }
        }

        return errors;
    }

    public bool Has(string name) => _byName.ContainsKey(Excerpt.Of(name));

    public void Add(string name, string reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        if (_shown > 0 && (_shown == MostShown || _characters + Math.Min(reason.Length, ReasonLength) > MostCharacters))
        {
            _others++;
            return;
        }

        (name, reason) = (Excerpt.Of(name), Excerpt.Of(reason, ReasonLength));
        if (!_byName.TryGetValue(name, out var reasons))
        {
            _byName[name] = reasons = [];
        }

        reasons.Add(reason);
        _shown++;
        _characters += name.Length + reason.Length;
    }
}
