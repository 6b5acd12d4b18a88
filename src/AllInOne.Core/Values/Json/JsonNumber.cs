using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AllInOne.Core.Values.Json;

/// <summary>
/// The canonical text of a JSON number, with all of its digits and without a conversion to a double. A value between 1e-7 and 1e21 has plain digits,
/// as JavaScript writes numbers; another value has the form <c>d.ddde±n</c>.
/// </summary>
internal static class JsonNumber
{
    private const int MaxExponentDigits = 6;

    /// <summary>Returns false if the text is not a JSON number (RFC 8259 allows no plus sign, no leading zero and no bare dot).</summary>
    public static bool TryCanonical(string text, [NotNullWhen(true)] out string? canonical)
    {
        canonical = null;
        if (!TryScan(text, out var dot, out var end, out var exponent))
        {
            return false;
        }

        canonical = IsCanonical(text, dot, end) ? text : Write(text, dot, end, exponent);
        return true;
    }

    /// <param name="dot">The index of the decimal point; <paramref name="end"/> if there is none.</param>
    /// <param name="end">The index after the mantissa.</param>
    /// <param name="exponent">The exponent; null if it has too many digits.</param>
    private static bool TryScan(string text, out int dot, out int end, out int? exponent)
    {
        (dot, end, exponent) = (0, 0, 0);
        var i = text.StartsWith('-') ? 1 : 0;
        var first = i;
        i = SkipDigits(text, i);
        if (i == first || (text[first] == '0' && i > first + 1))
        {
            return false;
        }

        dot = i;
        if (i < text.Length && text[i] == '.')
        {
            i = SkipDigits(text, dot + 1);
            if (i == dot + 1)
            {
                return false;
            }
        }

        end = i;
        if (i == text.Length)
        {
            return true;
        }

        if (text[i] is not ('e' or 'E'))
        {
            return false;
        }

        var sign = i + 1;
        var digits = sign < text.Length && text[sign] is '+' or '-' ? sign + 1 : sign;
        if (digits >= text.Length || SkipDigits(text, digits) != text.Length)
        {
            return false;
        }

        exponent = text.Length - digits > MaxExponentDigits
            ? null
            : int.Parse(text.AsSpan(sign), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return true;
    }

    private static int SkipDigits(string text, int i)
    {
        while (i < text.Length && char.IsAsciiDigit(text[i]))
        {
            i++;
        }

        return i;
    }

    // By far the most common case: no exponent, no zero at the end of a fraction, neither tiny nor huge. It needs no allocation.
    private static bool IsCanonical(string text, int dot, int end)
    {
        if (end != text.Length || dot > 16 || text is "-0")
        {
            return false;
        }

        if (dot == end)
        {
            return true;
        }

        return text[end - 1] != '0' && !(text[dot - 1] == '0' && text[dot + 1] == '0');
    }

    private static string Write(string text, int dot, int end, int? exponent)
    {
        if (exponent is null)
        {
            return text;
        }

        var negative = text[0] == '-';
        var whole = text.AsSpan(negative ? 1 : 0, dot - (negative ? 1 : 0));
        var fraction = dot < end ? text.AsSpan(dot + 1, end - dot - 1) : [];
        var all = string.Concat(whole, fraction);
        var digits = all.TrimStart('0');
        if (digits.Length == 0)
        {
            return "0";
        }

        // The value is 0.digits × 10^point.
        var point = whole.Length - (all.Length - digits.Length) + exponent.Value;
        digits = digits.TrimEnd('0');
        return (negative ? "-" : "") + Place(digits, point);
    }

    private static string Place(string digits, int point)
    {
        if (point is > 21 or < -6)
        {
            var power = (point - 1).ToString("+0;-0", CultureInfo.InvariantCulture);
            return digits.Length == 1 ? $"{digits}e{power}" : $"{digits[0]}.{digits[1..]}e{power}";
        }

        if (point <= 0)
        {
            return string.Concat("0.", new string('0', -point), digits);
        }

        return point >= digits.Length
            ? digits.PadRight(point, '0')
            : string.Concat(digits.AsSpan(0, point), ".", digits.AsSpan(point));
    }
}
