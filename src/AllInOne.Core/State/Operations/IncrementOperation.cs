using System.Globalization;
using System.Text;
using AllInOne.Core.Values.Json;

using AllInOne.Core.Values;

namespace AllInOne.Core.State.Operations;

internal sealed class IncrementOperation(StateKey key, decimal by, decimal initial, TimeSpan? ttl) : StateOperation(key)
{
    internal override StateDecision Decide(StateItem? present, StateRules rules)
    {
        if (present is { Value.IsNumber: false })
        {
            return StateDecision.Refuse("the value is no number");
        }

        if ((present is null ? initial : ExactNumber.Parse(present.Json.Span)) is not { } number)
        {
            return StateDecision.Refuse("the value is a number of another size than can be counted with exactly");
        }

        return ExactNumber.Add(number, by) is { } sum
            ? rules.Store(new StateValue(Text(sum)), rules.EndOf(present, ttl))
            : StateDecision.Refuse("the number would have more digits than can be counted with exactly");
    }

    private static byte[] Text(decimal number)
    {
        Span<byte> text = stackalloc byte[64];
        return number.TryFormat(text, out var length, default, CultureInfo.InvariantCulture)
            ? text[..length].ToArray()
            : Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));
    }
}
