namespace AllInOne.Core.Values.Json;

/// <summary>The mark that some editors write at the beginning of a text file.</summary>
public static class ByteOrderMark
{
    private static ReadOnlySpan<byte> Utf8 => [0xEF, 0xBB, 0xBF];

    /// <summary>The text without the mark of UTF-8, if it has one.</summary>
    public static ReadOnlyMemory<byte> Skip(ReadOnlyMemory<byte> text) => text.Span.StartsWith(Utf8) ? text[Utf8.Length..] : text;

    /// <summary>Whether the text begins with the mark of UTF-16, in either byte order.</summary>
    public static bool IsUtf16(ReadOnlySpan<byte> text) => text is [0xFE, 0xFF, ..] or [0xFF, 0xFE, ..];
}
