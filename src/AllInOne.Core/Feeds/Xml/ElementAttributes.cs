using System.Text;
using AllInOne.Core.Entities.Snapshots;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Feeds.Xml;

/// <summary>
/// The attributes of one element, sorted by their meaning. An attribute with a prefix never replaces one without. Attributes beyond the limits of an
/// entity are not kept; then <see cref="FaultWith"/> returns the reason.
/// </summary>
internal struct ElementAttributes(EntityLimits limits)
{
    private List<KeyValuePair<string, JsonText>>? _others;

    // The names in _others, from the first attribute with a prefix on: only prefixes make two attributes with one name.
    private HashSet<string>? _names;
    private long _bytes;
    private EntityFault? _fault;

    public string? Id { get; private set; }

    public string? State { get; private set; }

    public string? Name { get; private set; }

    public string? Area { get; private set; }

    public string? Unit { get; private set; }

    public string? Class { get; private set; }

    public readonly IReadOnlyList<KeyValuePair<string, JsonText>> Others => _others is null ? [] : _others;

    public void Add(string qualified, string value)
    {
        var name = XmlEventParser.Local(qualified);
        var plain = name.Length == qualified.Length;
        if (qualified == "xmlns" || (!plain && qualified.StartsWith("xmlns:", StringComparison.Ordinal)))
        {
            return;
        }

        switch (name)
        {
            case "id":
                Id = plain ? value : Id ?? value;
                break;
            case "state":
                State = plain ? value : State ?? value;
                break;
            case "name":
                Name = plain ? value : Name ?? value;
                break;
            case "area":
                Area = plain ? value : Area ?? value;
                break;
            case "unit":
                Unit = plain ? value : Unit ?? value;
                break;
            case "class":
                Class = plain ? value : Class ?? value;
                break;
            default:
                AddOther(name, value, plain);
                break;
        }
    }

    /// <summary>The reason why the element cannot be an entity with this state; null if it can.</summary>
    public readonly EntityFault? FaultWith(string? state) =>
        _fault
        ?? TooLong("name", Name) ?? TooLong("area", Area) ?? TooLong("unit", Unit) ?? TooLong("class", Class)
        // The JSON of a string also has two quotes.
        ?? (state is null ? null : limits.FaultOfState(Encoding.UTF8.GetByteCount(state)));

    private static EntityFault? TooLong(string name, string? text) => text?.Length > EntityLimits.MaxTextLength
        ? new EntityFault(name, $"is longer than {EntityLimits.MaxTextLength} characters")
        : null;

    private void AddOther(string name, string value, bool plain)
    {
        _fault ??= EntityLimits.FaultOfName(name) ?? limits.FaultOfBytes(_bytes + value.Length);
        if (_fault is not null || !IsNew(name, plain))
        {
            return;
        }

        var entry = KeyValuePair.Create(name, JsonText.FromText(value));
        (_others ??= []).Add(entry);
        _bytes += EntityLimits.SizeOf(name, entry.Value);
        _fault = limits.FaultOfCount(_others.Count) ?? limits.FaultOfBytes(_bytes);
    }

    /// <summary>Whether the value counts: always without a prefix; with a prefix only if the name has no value yet.</summary>
    private bool IsNew(string name, bool plain)
    {
        if (!plain)
        {
            _names ??= _others is null ? [] : [.. _others.Select(other => other.Key)];
        }

        return _names is null || _names.Add(name) || plain;
    }
}
