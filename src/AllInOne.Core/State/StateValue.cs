using AllInOne.Core.State.Operations;

namespace AllInOne.Core.State;

/// <summary>A value as it is kept: its text; that of a list that was pushed to or popped from in pieces. Immutable.</summary>
internal readonly struct StateValue
{
    private readonly object? _kept;

    /// <param name="json">One JSON value without white space round it; belongs to the value from now on.</param>
    public StateValue(byte[] json) => _kept = json;

    public StateValue(JsonList list) => _kept = list;

    /// <summary>There is no value.</summary>
    public bool IsNone => _kept is null;

    /// <summary>Of its JSON, in bytes.</summary>
    public int Length => _kept is JsonList list ? list.Length : ((byte[]?)_kept)?.Length ?? 0;

    /// <summary>Made anew each time for a list in pieces.</summary>
    public ReadOnlyMemory<byte> Json => _kept is JsonList list ? list.ToJson() : (byte[]?)_kept;

    public bool IsArray => First == '[';

    public bool IsObject => First == '{';

    public bool IsNumber => First is (byte)'-' or (>= (byte)'0' and <= (byte)'9');

    private byte First => _kept is JsonList ? (byte)'[' : ((byte[])_kept!)[0];

    /// <summary>An array as a list.</summary>
    public JsonList ToList() => _kept as JsonList ?? JsonList.Parse((byte[])_kept!);
}
