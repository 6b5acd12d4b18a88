namespace AllInOne.Actors;

/// <summary>Short names for those that got none: <c>$a</c>, <c>$b</c>, …, <c>$Ab</c>.</summary>
internal static class TemporaryNames
{
    private const string Digits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+~";

    public static string Of(long number)
    {
        Span<char> text = stackalloc char[12];
        var length = 0;
        text[length++] = '$';
        do
        {
            text[length++] = Digits[(int)(number & 63)];
            number >>= 6;
        }
        while (number > 0);

        return new string(text[..length]);
    }
}
