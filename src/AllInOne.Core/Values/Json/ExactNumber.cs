using System.Buffers.Text;
using System.Globalization;

namespace AllInOne.Core.Values.Json;

/// <summary>Arithmetic without rounding: decimals of up to 28 digits. A number or a sum that would have to be rounded gives null.</summary>
public static class ExactNumber
{
    private const int MostDigits = 28;

    /// <summary>Removes the zeros at the end: 2.00 becomes 2.</summary>
    private const decimal One = 1.0000000000000000000000000000m;

    /// <summary>A number of JSON; null for one that a decimal cannot hold to its last digit.</summary>
    public static decimal? Parse(ReadOnlySpan<byte> json)
    {
        if (Utf8Parser.TryParse(json, out long whole, out var length) && length == json.Length)
        {
            return whole;
        }

        return decimal.TryParse(json, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && IsExact(json, number) ? number : null;
    }

    /// <summary>The sum, without zeros at its end; null for one that would have to be rounded, or is too large.</summary>
    public static decimal? Add(decimal a, decimal b)
    {
        try
        {
            var sum = a + b;
            // What was rounded away is missed from one side or the other.
            return sum - a == b && sum - b == a ? sum / One : null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    // decimal.Parse rounds what has more digits than it can hold.
    private static bool IsExact(ReadOnlySpan<byte> json, decimal number)
    {
        var digits = 0;
        foreach (var c in json)
        {
            if (c is (byte)'e' or (byte)'E')
            {
                break;
            }

            digits += char.IsAsciiDigit((char)c) && (digits > 0 || c != '0') ? 1 : 0;
        }

        return digits <= MostDigits && (number != 0 || digits == 0);
    }
}
