using AllInOne.Core.Entities;

namespace AllInOne.Core.Feeds.Xml;

/// <summary>The attributes of one element, sorted by what they mean. A prefixed one never takes the place of a plain one.</summary>
internal struct ElementAttributes
{
    private List<KeyValuePair<string, JsonText>>? _others;

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
                AddOther(name, JsonText.FromText(value), plain);
                break;
        }
    }

    private void AddOther(string name, JsonText value, bool plain)
    {
        _others ??= [];
        var entry = KeyValuePair.Create(name, value);
        // Two of one name come only from prefixes, which are rare: those alone pay for the look.
        var known = plain ? -1 : _others.FindIndex(o => o.Key == name);
        if (known < 0)
        {
            _others.Add(entry);
        }
    }
}
