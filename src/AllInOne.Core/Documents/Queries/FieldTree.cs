using System.Globalization;
using System.Text.Json;

namespace AllInOne.Core.Documents.Queries;

/// <summary>Paths with what they have in common taken together: one node for each place that something is wanted of.</summary>
internal sealed class FieldTree
{
    private readonly List<(string Name, FieldTree Inside)> _names = [];
    private readonly Dictionary<int, FieldTree> _indexes = [];

    /// <summary>Everything below this place is wanted.</summary>
    public bool IsWhole { get; private set; }

    public bool HasNames => _names.Count > 0;

    public void Add(IEnumerable<string> path)
    {
        var node = this;
        foreach (var segment in path)
        {
            node = node.Child(segment);
        }

        node.IsWhole = true;
    }

    public bool Has(string name) => _names.Exists(child => child.Name == name);

    /// <summary>What is wanted of the member whose name the reader stands at; an escaped name is the name that it means.</summary>
    public FieldTree? Member(ref Utf8JsonReader reader)
    {
        foreach (var (name, inside) in _names)
        {
            if (reader.ValueTextEquals(name))
            {
                return inside;
            }
        }

        return null;
    }

    /// <summary>What is wanted of an element: what its index says, or what is wanted of every one of them.</summary>
    public FieldTree? Element(int index) => _indexes.TryGetValue(index, out var inside) ? inside : HasNames ? this : null;

    private FieldTree Child(string segment)
    {
        if (FieldPath.IsIndex(segment))
        {
            var index = int.Parse(segment, NumberStyles.None, CultureInfo.InvariantCulture);
            return _indexes.TryGetValue(index, out var known) ? known : _indexes[index] = new FieldTree();
        }

        var at = _names.FindIndex(child => child.Name == segment);
        if (at < 0)
        {
            at = _names.Count;
            _names.Add((segment, new FieldTree()));
        }

        return _names[at].Inside;
    }
}
