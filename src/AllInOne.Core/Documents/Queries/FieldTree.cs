using System.Globalization;
using System.Text.Json;

namespace AllInOne.Core.Documents.Queries;

/// <summary>A tree of the requested paths: one node for each place in a document. Paths with a common beginning share nodes.</summary>
internal sealed class FieldTree
{
    private readonly List<(string Name, FieldTree Inside)> _names = [];
    private readonly Dictionary<int, FieldTree> _indexes = [];

    /// <summary>Whether everything at and below this place is requested.</summary>
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

    /// <summary>
    /// The node of the member at whose name the reader stands; null if no part of it is requested. Escapes in the name are resolved.
    /// </summary>
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

    /// <summary>
    /// The node of an element of an array: the node of its index, or this node if names are requested of every element; null if no part of it is
    /// requested.
    /// </summary>
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
