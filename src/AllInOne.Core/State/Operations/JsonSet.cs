using System.Collections.Immutable;
using System.Text.Json;

namespace AllInOne.Core.State.Operations;

/// <summary>
/// A set in memory: an array without equal values, indexed by value and by place, so that the cost of a change hardly depends on the number of
/// members. Immutable. The members keep their order.
/// </summary>
internal sealed class JsonSet
{
    /// <summary>The approximate memory of a member in addition to its text.</summary>
    public const int MemberOverhead = 200;

    /// <summary>
    /// A set whose text is shorter is kept as text: parsing it again takes no longer than an index, and the text takes far less memory.
    /// </summary>
    private const int SmallBytes = 2048;

    private static readonly JsonReaderOptions Deep = new() { MaxDepth = 1000 };

    private readonly ImmutableDictionary<JsonMember, long> _places;
    private readonly ImmutableSortedDictionary<long, ReadOnlyMemory<byte>> _order;

    // For an array that was not a set: the further places of its equal values.
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

    /// <summary>The number of different values.</summary>
    public int Count => _places.Count;

    /// <summary>The length of its JSON in bytes, if it has members.</summary>
    public int Length { get; }

    public bool IsSmall => Length < SmallBytes;

    /// <param name="json">A valid JSON array that does not change later. Equal values in it stay, and are removed together.</param>
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

    /// <summary>Returns a set with these members added, except members that it has already.</summary>
    public JsonSet With(IEnumerable<JsonMember> members)
    {
        var changing = new Changing(this);
        foreach (var member in members)
        {
            changing.Add(member);
        }

        return changing.Done();
    }

    /// <summary>Returns a set without these members.</summary>
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

    /// <summary>A set that is being changed. It changes its own copy of the trees in place, so many changes at once cost less.</summary>
    private struct Changing(JsonSet set)
    {
        private readonly ImmutableDictionary<JsonMember, long>.Builder _places = set._places.ToBuilder();
        private readonly ImmutableSortedDictionary<long, ReadOnlyMemory<byte>>.Builder _order = set._order.ToBuilder();
        private ImmutableDictionary<JsonMember, ImmutableList<long>> _again = set._again;
        private long _nextPlace = set._nextPlace;
        private int _length = set.Length;

        /// <summary>Adds a member, even if the set has it already.</summary>
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
