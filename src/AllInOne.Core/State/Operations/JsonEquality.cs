using System.Text.Json;

namespace AllInOne.Core.State.Operations;

/// <summary>JSON values as keys. Seeded by chance as all hash codes are: values that collide cannot be sent on purpose.</summary>
internal sealed class JsonEquality : IEqualityComparer<JsonElement>
{
    public bool Equals(JsonElement x, JsonElement y) => x.ValueKind == y.ValueKind && JsonElement.DeepEquals(x, y);

    public int GetHashCode(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => HashCode.Combine(value.GetString()),
        JsonValueKind.Number => OfNumber(value.GetDouble()),
        JsonValueKind.Array => value.EnumerateArray().Aggregate(1, (hash, element) => HashCode.Combine(hash, GetHashCode(element))),
        // Whatever the order.
        JsonValueKind.Object => value.EnumerateObject().Aggregate(2, (hash, member) => hash + HashCode.Combine(member.Name, GetHashCode(member.Value))),
        var kind => (int)kind,
    };

    // All ways to write a number come to one double; 0 and -0 are one number.
    private static int OfNumber(double number)
    {
        var bits = number == 0 ? 0 : BitConverter.DoubleToInt64Bits(number);
        return HashCode.Combine((int)bits, (int)(bits >> 32));
    }
}
