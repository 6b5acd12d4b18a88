using AllInOne.Core.State.Operations;

namespace AllInOne.Core.State;

/// <summary>
/// A value in memory: its JSON text, a list in pieces (after a push or pop), or a large set with an index of its members (after a change). Immutable.
/// </summary>
internal readonly struct StateValue
{
    private readonly object? _kept;

    /// <param name="json">One JSON value without white space around it. It belongs to the value from now on.</param>
    public StateValue(byte[] json) => _kept = json;

    public StateValue(JsonList list) => _kept = list;

    private StateValue(JsonSet set) => _kept = set;

    /// <summary>Whether there is no value.</summary>
    public bool IsNone => _kept is null;

    /// <summary>The length of its JSON in bytes.</summary>
    public int Length => _kept switch
    {
        byte[] text => text.Length,
        JsonList list => list.Length,
        JsonSet set => set.Length,
        _ => 0,
    };

    /// <summary>The approximate memory that it takes, in bytes.</summary>
    public long Size => _kept switch
    {
        JsonList list => list.Size,
        JsonSet set => set.Length + ((long)set.Count * JsonSet.MemberOverhead),
        _ => Length,
    };

    /// <summary>The value as JSON. A list or a set creates it again each time.</summary>
    public ReadOnlyMemory<byte> Json => _kept switch
    {
        JsonList list => list.ToJson(),
        JsonSet set => set.ToJson(),
        var text => (byte[]?)text,
    };

    public bool IsArray => First == '[';

    public bool IsObject => First == '{';

    public bool IsNumber => First is (byte)'-' or (>= (byte)'0' and <= (byte)'9');

    private byte First => _kept is byte[] text ? text[0] : (byte)'[';

    /// <summary>The value of a set that is not empty.</summary>
    public static StateValue Of(JsonSet set) => set.IsSmall ? new StateValue(set.ToJson()) : new StateValue(set);

    /// <summary>An array as a list.</summary>
    public JsonList ToList() => _kept as JsonList ?? JsonList.Parse(Json.Span);

    /// <summary>An array as a set.</summary>
    public JsonSet ToSet() => _kept as JsonSet ?? JsonSet.Parse(Json);
}
