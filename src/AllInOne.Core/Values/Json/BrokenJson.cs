using System.Globalization;
using System.Text.Json;

namespace AllInOne.Core.Values.Json;

/// <summary>The message for a person about a syntax error of JSON. The parser itself counts lines and bytes from 0, and adds hints for programmers.</summary>
public static class BrokenJson
{
    private static readonly string[] Asides = [" Path: ", " LineNumber: ", " Change the reader options."];

    /// <summary>Describes the error of the parser and its position, with line and byte counted from 1.</summary>
    /// <param name="length">The number of parsed bytes.</param>
    public static string Describe(JsonException broken, long length)
    {
        ArgumentNullException.ThrowIfNull(broken);
        if (length == 0)
        {
            return "there is nothing in it";
        }

        var reason = broken.Message;
        foreach (var aside in Asides)
        {
            var at = reason.IndexOf(aside, StringComparison.Ordinal);
            reason = at < 0 ? reason : reason[..at];
        }

        return broken is { LineNumber: { } line, BytePositionInLine: { } place }
            ? string.Create(CultureInfo.InvariantCulture, $"at line {line + 1}, byte {place + 1}: {reason}")
            : reason;
    }
}
