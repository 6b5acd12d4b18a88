using System.Collections.Immutable;
using System.Text.Json;

namespace AllInOne.Core.State.Operations;

/// <summary>
/// An array without two equal values, in trees by value and by place, so that a change costs about the same however many members there are.
/// Immutable. The order of the members stays.
/// </summary>
internal sealed class JsonSet
{
    /// <summary>About what a member takes beside its text.</summary>
    public const int MemberOverhead = 200;

    /// <summary>A set with less text is kept as that: it is read anew as quickly, and takes far less memory.</summary>
    private const int SmallBytes = 2048;

    private static readonly JsonReaderOptions Deep = new() { MaxDepth = 1000 };

    private readonly ImmutableDictionary<JsonMember, long> _places;
    private readonly ImmutableSortedDictionary<long, ReadOnlyMemory<byte>> _order;

    // Of an array that was no set: where else its equal values are.
    private readonly ImmutableDictionary<JsonMember, ImmutableList<long>> _again;
    private readonly long _nextPlace;

    private JsonSet(
        ImmutableDictionary<JsonMember, long> places,
        ImmutableSortedDictionary<long, ReadOnlyMemory<byte>> order,
        ImmutableDictionary<JsonMember, ImmutableList<long>> again,
        long nextPlace,
        int length)
    {
        (_places, _order, _again, _nextPlace) = (places, order, again, nextPlace);
        Length = length;
    }

    public static JsonSet Empty { get; } = new(
        ImmutableDictionary<JsonMember, long>.Empty,
        ImmutableSortedDictionary<long, ReadOnlyMemory<byte>>.Empty,
        ImmutableDictionary<JsonMember, ImmutableList<long>>.Empty,
        nextPlace: 0,
        length: 1);

    /// <summary>Values that are not equal.</summary>
    public int Count => _places.Count;

    /// <summary>Of its JSON, in bytes, when it has members.</summary>
    public int Length { get; }

    public bool IsSmall => Length < SmallBytes;

    /// <param name="json">An array that is right, and does not change. Equal values that are in it already stay, and go together.</param>
    public static JsonSet Parse(ReadOnlyMemory<byte> json)
    {
        var changing = new Changing(Empty);
        var reader = new Utf8JsonReader(json.Span, Deep);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            changing.Put(new JsonMember(json[start..(int)reader.BytesConsumed]));
        }

        return changing.Done();
    }

    /// <summary>With those of these members that are not in it.</summary>
    public JsonSet With(IEnumerable<JsonMember> members)
    {
        var changing = new Changing(this);
        foreach (var member in members)
        {
            changing.Add(member);
        }

        return changing.Done();
    }

    /// <summary>Without those of these members that are in it.</summary>
    public JsonSet Without(IEnumerable<JsonMember> members)
    {
        var changing = new Changing(this);
        foreach (var member in members)
        {
            changing.Remove(member);
        }

        return changing.Done();
    }

    public byte[] ToJson()
    {
        if (Count == 0)
        {
            return "[]"u8.ToArray();
        }

        var json = new byte[Length];
        var at = 0;
        foreach (var (_, member) in _order)
        {
            json[at] = at == 0 ? (byte)'[' : (byte)',';
            member.Span.CopyTo(json.AsSpan(at + 1));
            at += member.Length + 1;
        }

        json[at] = (byte)']';
        return json;
    }

    /// <summary>What a set is to become. Trees that only it has are changed in place, so that many changes at once cost less.</summary>
    private struct Changing(JsonSet set)
    {
        private readonly ImmutableDictionary<JsonMember, long>.Builder _places = set._places.ToBuilder();
        private readonly ImmutableSortedDictionary<long, ReadOnlyMemory<byte>>.Builder _order = set._order.ToBuilder();
        private ImmutableDictionary<JsonMember, ImmutableList<long>> _again = set._again;
        private long _nextPlace = set._nextPlace;
        private int _length = set.Length;

        /// <summary>Also where it is in it already.</summary>
        public void Put(JsonMember member)
        {
            if (_places.ContainsKey(member))
            {
                _again = _again.SetItem(member, _again.GetValueOrDefault(member, []).Add(_nextPlace));
            }
            else
            {
                _places.Add(member, _nextPlace);
            }

            _order.Add(_nextPlace++, member.Json);
            _length += member.Json.Length + 1;
        }

        public void Add(JsonMember member)
        {
            if (!_places.ContainsKey(member))
            {
                Put(member);
            }
        }

        public void Remove(JsonMember member)
        {
            if (!_places.TryGetValue(member, out var place))
            {
                return;
            }

            foreach (var one in _again.GetValueOrDefault(member, []).Add(place))
            {
                _length -= _order[one].Length + 1;
                _order.Remove(one);
            }

            _places.Remove(member);
            _again = _again.Remove(member);
        }

        public readonly JsonSet Done() => new(_places.ToImmutable(), _order.ToImmutable(), _again, _nextPlace, _length);
    }
}
