namespace AllInOne.Core.Values;

/// <summary>Cuts text from outside to a length that a message or a log line can repeat.</summary>
public static class Excerpt
{
    /// <summary>The maximum length of a name or a value that is quoted in a message.</summary>
    public const int Quoted = 64;

    /// <summary>The maximum length of a whole message in a log line, on the console or in an answer.</summary>
    public const int Message = 1000;

    private const char Ellipsis = '…';

    /// <summary>
    /// The text itself, or its beginning with an ellipsis; never more than <paramref name="max"/> characters, never half of a surrogate pair.
    /// </summary>
    public static string Of(string text, int max = Quoted)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        if (text.Length <= max)
        {
            return text;
        }

        var end = max - 1;
        if (end > 0 && char.IsHighSurrogate(text[end - 1]))
        {
            end--;
        }

        return string.Concat(text.AsSpan(0, end), [Ellipsis]);
    }
}
