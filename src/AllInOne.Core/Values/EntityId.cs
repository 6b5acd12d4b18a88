using System.Text.Json.Serialization;

namespace AllInOne.Core.Values;

/// <summary>
/// The name of an entity: <c>domain.object_id</c>, for example <c>sensor.kitchen_temperature</c> or <c>match.1042</c>.
/// The domain is <c>[a-z][a-z0-9_]{0,63}</c>, the object id <c>[A-Za-z0-9_-]{1,128}</c>: safe as a path segment, as an
/// actor's name and as a part of a topic.
/// </summary>
[JsonConverter(typeof(EntityIdJsonConverter))]
public readonly record struct EntityId : IComparable<EntityId>
{
    public const int MaxDomainLength = 64;
    public const int MaxObjectIdLength = 128;
    public const int MaxLength = MaxDomainLength + 1 + MaxObjectIdLength;

    private readonly string? _value;

    private EntityId(string value) => _value = value;

    /// <summary>The whole id; empty for <c>default</c>, which no parser returns.</summary>
    public string Value => _value ?? "";

    public string Domain => Value[..Dot];

    public string ObjectId => Value[(Dot + 1)..];

    /// <summary>The domain, without an allocation.</summary>
    public ReadOnlySpan<char> DomainSpan => Value.AsSpan(0, Dot);

    private int Dot => Math.Max(0, Value.IndexOf('.', StringComparison.Ordinal));

    public static bool TryParse(string? text, out EntityId id)
    {
        id = default;
        if (text is null)
        {
            return false;
        }

        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || !IsDomain(text.AsSpan(0, dot)) || !IsObjectId(text.AsSpan(dot + 1)))
        {
            return false;
        }

        id = new EntityId(text);
        return true;
    }

    public static bool TryCreate(string? domain, string? objectId, out EntityId id)
    {
        id = default;
        if (!IsDomain(domain) || !IsObjectId(objectId))
        {
            return false;
        }

        id = new EntityId(string.Concat(domain, ".", objectId));
        return true;
    }

    /// <summary>Reads an id that is known to be valid. Throws <see cref="FormatException"/> if it is not.</summary>
    public static EntityId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is no entity id (domain.object_id).");

    /// <summary>Compares the whole ids ordinally: this is the order of lists and of their cursors.</summary>
    public int CompareTo(EntityId other) => string.CompareOrdinal(Value, other.Value);

    public static bool operator <(EntityId left, EntityId right) => left.CompareTo(right) < 0;

    public static bool operator >(EntityId left, EntityId right) => left.CompareTo(right) > 0;

    public static bool operator <=(EntityId left, EntityId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(EntityId left, EntityId right) => left.CompareTo(right) >= 0;

    public override string ToString() => Value;

    private static bool IsDomain(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaxDomainLength || !char.IsAsciiLetterLower(text[0]))
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '_')
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsObjectId(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaxObjectIdLength)
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_' && c != '-')
            {
                return false;
            }
        }

        return true;
    }
}
