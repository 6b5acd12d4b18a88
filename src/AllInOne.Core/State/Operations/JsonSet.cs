using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace AllInOne.Core.State.Operations;

/// <summary>
/// An array without two equal values, changed in memory. Values are equal as JSON says: 1 and 1.0, objects whatever the order of their
/// members. The order of what is there stays.
/// </summary>
internal sealed class JsonSet
{
    private readonly List<JsonElement> _order = [];
    private readonly HashSet<JsonElement> _members = new(new JsonEquality());

    /// <param name="array">Two equal values that are in it already stay, and go together.</param>
    public JsonSet(JsonElement array)
    {
        foreach (var member in array.EnumerateArray())
        {
            _members.Add(member);
            _order.Add(member);
        }
    }

    public int Count => _members.Count;

    /// <returns>Whether it was not in it.</returns>
    public bool Add(JsonElement member)
    {
        if (!_members.Add(member))
        {
            return false;
        }

        _order.Add(member);
        return true;
    }

    /// <returns>Whether it was in it.</returns>
    public bool Remove(JsonElement member) => _members.Remove(member);

    public byte[] ToJson()
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var member in _order.Where(_members.Contains))
        {
            output.Write(output.WrittenCount == 0 ? "["u8 : ","u8);
            output.Write(JsonMarshal.GetRawUtf8Value(member));
        }

        output.Write(_members.Count == 0 ? "[]"u8 : "]"u8);
        return output.WrittenSpan.ToArray();
    }
}
