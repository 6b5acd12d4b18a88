using System.Buffers.Text;
using System.Globalization;

namespace AllInOne.Core.Values.Json;

/// <summary>
/// Arithmetic without rounding, with decimals of up to 28 digits. If a number or a sum would have to be rounded, the result is null.
/// </summary>
public static class ExactNumber
{
    private const int MostDigits = 28;

    /// <summary>A factor that removes the zeros at the end: 2.00 becomes 2.</summary>
    private const decimal One = 1.0000000000000000000000000000m;

    /// <summary>Reads a JSON number; null if a decimal cannot hold all of its digits.</summary>
    public static decimal? Parse(ReadOnlySpan<byte> json)
    {
        if (Utf8Parser.TryParse(json, out long whole, out var length) && length == json.Length)
        {
            return whole;
        }

        return decimal.TryParse(json, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && IsExact(json, number) ? number : null;
    }

    /// <summary>Adds two numbers, without zeros at the end; null if the sum would have to be rounded or is too large.</summary>
    public static decimal? Add(decimal a, decimal b)
    {
        try
        {
            var sum = a + b;
            // If the sum was rounded, at least one of the two subtractions does not give the original number.
            return sum - a == b && sum - b == a ? sum / One : null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    // decimal.Parse rounds a number that has more digits than a decimal can hold.
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
