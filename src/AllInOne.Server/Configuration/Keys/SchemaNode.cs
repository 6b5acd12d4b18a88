using System.Reflection;

namespace AllInOne.Server.Configuration.Keys;

/// <summary>
/// One node of the schema of the configuration: a section with named children, a list, a map, a value of a type, or an unchecked part.
/// </summary>
internal sealed class SchemaNode
{
    private readonly SortedDictionary<string, SchemaNode> _children = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The type of a value; null for a section.</summary>
    public Type? Value { get; private init; }

    /// <summary>The node of every entry of a list or a map.</summary>
    public SchemaNode? Each { get; private init; }

    public bool IsList { get; private init; }

    /// <summary>Whether the part below this node is not checked here.</summary>
    public bool IsFree { get; private init; }

    public IReadOnlyDictionary<string, SchemaNode> Children => _children;

    public static SchemaNode Section() => new();

    public static SchemaNode Free() => new() { IsFree = true };

    public static SchemaNode Map(SchemaNode each) => new() { Each = each };

    public static SchemaNode Leaf(Type type) => new() { Value = type };

    /// <summary>Creates the node of a property's type: a value, a list, a map, or a section with a child for each property of a class.</summary>
    public static SchemaNode Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (ConfigurationValue.IsValue(type))
        {
            return Leaf(type);
        }

        if (ElementOf(type, typeof(IDictionary<,>), 1) is { } value)
        {
            return Map(Of(value));
        }

        if (ElementOf(type, typeof(IEnumerable<>), 0) is { } element)
        {
            return new() { Each = Of(element), IsList = true };
        }

        var section = Section();
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(IsBound))
        {
            section._children[property.Name] = Of(property.PropertyType);
        }

        return section;
    }

    /// <summary>Adds <paramref name="node"/> at a path such as <c>Feeds:Xml</c>, or its children if the section exists.</summary>
    public SchemaNode Add(string path, SchemaNode node)
    {
        var (head, rest) = path.IndexOf(':', StringComparison.Ordinal) is var at && at >= 0 ? (path[..at], path[(at + 1)..]) : (path, null);
        if (rest is not null)
        {
            if (!_children.TryGetValue(head, out var section))
            {
                _children[head] = section = Section();
            }

            section.Add(rest, node);
        }
        else if (_children.TryGetValue(head, out var existing))
        {
            foreach (var (name, child) in node._children)
            {
                existing._children[name] = child;
            }
        }
        else
        {
            _children[head] = node;
        }

        return this;
    }

    /// <summary>The node of one child: a named child, or an entry of a list or a map. Null if there is no such child.</summary>
    public SchemaNode? Child(string key) =>
        _children.TryGetValue(key, out var child) ? child : Each is not null && (!IsList || int.TryParse(key, out _)) ? Each : null;

    /// <summary>The paths of all values, lists, maps and unchecked parts: the candidates for a wrong key.</summary>
    public IEnumerable<string> Paths(string prefix = "")
    {
        foreach (var (name, child) in _children)
        {
            var path = prefix.Length == 0 ? name : $"{prefix}:{name}";
            if (child._children.Count == 0)
            {
                yield return path;
            }

            foreach (var below in child.Paths(path))
            {
                yield return below;
            }
        }
    }

    private static bool IsBound(PropertyInfo property) =>
        property.GetIndexParameters().Length == 0 && property.GetMethod is { IsPublic: true } && property.SetMethod is { IsPublic: true };

    private static Type? ElementOf(Type type, Type shape, int argument) =>
        type.GetInterfaces().Append(type)
            .FirstOrDefault(t => t.IsGenericType && t.GetGenericTypeDefinition() == shape)?.GetGenericArguments()[argument];
}
