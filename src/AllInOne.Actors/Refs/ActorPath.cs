using System.Text;

namespace AllInOne.Actors;

/// <summary>
/// Where an actor stands in the tree: <c>akka://system/user/feeds/xml</c>. Two incarnations under one name share the
/// path; their references differ.
/// </summary>
public sealed class ActorPath : IEquatable<ActorPath>, IComparable<ActorPath>
{
    private const string NameSymbols = "-_.*$+:@&=,!~';()";

    internal ActorPath(string system, ActorPath? parent, string name)
    {
        SystemName = system;
        Name = name;
        Parent = parent ?? this;
    }

    /// <summary>The last element; empty for the root.</summary>
    public string Name { get; }

    /// <summary>The path above; the root is its own parent.</summary>
    public ActorPath Parent { get; }

    /// <summary>The elements from the top down: <c>user</c>, <c>feeds</c>, <c>xml</c>.</summary>
    public IReadOnlyList<string> Elements
    {
        get
        {
            var elements = new List<string>();
            for (var path = this; !ReferenceEquals(path.Parent, path); path = path.Parent)
            {
                elements.Add(path.Name);
            }

            elements.Reverse();
            return elements;
        }
    }

    private string SystemName { get; }

    /// <summary>True for a name that <c>ActorOf</c> takes: letters, digits and <c>-_.*$+:@&amp;=,!~';()</c>, not beginning with <c>$</c>.</summary>
    public static bool IsValidPathElement(string name) =>
        name.Length > 0 && name[0] != '$' && name.All(c => char.IsAsciiLetterOrDigit(c) || NameSymbols.Contains(c));

    public static ActorPath operator /(ActorPath path, string name) => new(path.SystemName, path, name);

    /// <summary><c>/user/feeds/xml</c>.</summary>
    public string ToStringWithoutAddress() => Append(new StringBuilder()).ToString();

    /// <summary><c>akka://system/user/feeds/xml</c>.</summary>
    public override string ToString() => Append(new StringBuilder("akka://").Append(SystemName)).ToString();

    public bool Equals(ActorPath? other) =>
        other is not null && (ReferenceEquals(this, other) || ToString() == other.ToString());

    public override bool Equals(object? obj) => Equals(obj as ActorPath);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString());

    public int CompareTo(ActorPath? other) => string.CompareOrdinal(ToString(), other?.ToString());

    public static bool operator ==(ActorPath? left, ActorPath? right) => left?.Equals(right) ?? right is null;

    public static bool operator !=(ActorPath? left, ActorPath? right) => !(left == right);

    public static bool operator <(ActorPath left, ActorPath right) => left.CompareTo(right) < 0;

    public static bool operator >(ActorPath left, ActorPath right) => left.CompareTo(right) > 0;

    public static bool operator <=(ActorPath left, ActorPath right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ActorPath left, ActorPath right) => left.CompareTo(right) >= 0;

    private StringBuilder Append(StringBuilder text)
    {
        var elements = Elements;
        if (elements.Count == 0)
        {
            return text.Append('/');
        }

        foreach (var element in elements)
        {
            text.Append('/').Append(element);
        }

        return text;
    }
}
