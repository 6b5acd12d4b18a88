using System.Buffers;
using System.Text;

namespace AllInOne.Core.Values;

/// <summary>Compares texts without the case of the letters of every script, one character at a time.</summary>
internal static class CaselessText
{
    private const int OnStack = 512;

    /// <summary>Whether a text contains another text. Both are UTF-8.</summary>
    public static bool Contains(ReadOnlySpan<byte> text, ReadOnlySpan<byte> part)
    {
        // UTF-16 never has more units than UTF-8 has bytes.
        var (rentedText, rentedPart) = (Rent(text), Rent(part));
        var textChars = rentedText ?? stackalloc char[OnStack];
        var partChars = rentedPart ?? stackalloc char[OnStack];
        textChars = textChars[..Encoding.UTF8.GetChars(text, textChars)];
        partChars = partChars[..Encoding.UTF8.GetChars(part, partChars)];
        var found = ((ReadOnlySpan<char>)textChars).Contains(partChars, StringComparison.OrdinalIgnoreCase);
        Return(rentedText);
        Return(rentedPart);
        return found;
    }

    private static char[]? Rent(ReadOnlySpan<byte> utf8) => utf8.Length > OnStack ? ArrayPool<char>.Shared.Rent(utf8.Length) : null;

    private static void Return(char[]? rented)
    {
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }
    }
}
