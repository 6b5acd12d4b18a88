using System.Globalization;
using System.Security.Cryptography;

namespace AllInOne.Core.Values;

/// <summary>
/// The id of a document: 1 to 128 letters, digits and <c>_ . : @ -</c>, but not <c>.</c> or <c>..</c>, which mean a folder in a path. A client
/// chooses it, or the server creates it.
/// </summary>
public readonly record struct DocumentId
{
    /// <summary>The rule as text for error messages.</summary>
    public const string Rule = "1 to 128 letters, digits and _ . : @ -, and not . or ..";

    private const int SequenceBits = 12;

    private static long _last;

    private readonly string? _value;

    private DocumentId(string value) => _value = value;

    /// <summary>The text of the id; empty for <c>default</c>, which no parser returns.</summary>
    public string Value => _value ?? "";

    public static bool TryParse(string? text, out DocumentId id)
    {
        var isId = text is { Length: > 0 and <= 128 } && !DotSegments.Is(text)
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or ':' or '@' or '-');
        id = isId ? new DocumentId(text!) : default;
        return isId;
    }

    /// <summary>Reads an id that is known to be valid.</summary>
    /// <exception cref="FormatException">The text is not valid.</exception>
    public static DocumentId Parse(string text) => TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is no id of a document: {Rule}.");

    /// <summary>
    /// Creates a UUID of version 7 (RFC 9562), which sorts after all ids that this process has created before. The 12 bits after the milliseconds are
    /// a counter; when the counter is used up, the id takes the next millisecond.
    /// </summary>
    public static DocumentId Next(DateTimeOffset now)
    {
        var wanted = now.ToUnixTimeMilliseconds() << SequenceBits;
        long last, next;
        do
        {
            last = Volatile.Read(ref _last);
            next = Math.Max(last + 1, wanted);
        }
        while (Interlocked.CompareExchange(ref _last, next, last) != last);

        Span<byte> random = stackalloc byte[8];
        RandomNumberGenerator.Fill(random);
        var (time, sequence) = (next >> SequenceBits, next & ((1 << SequenceBits) - 1));
        var tail = (BitConverter.ToUInt64(random) & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000;
        return new DocumentId(string.Create(
            CultureInfo.InvariantCulture,
            $"{time >> 16:x8}-{time & 0xFFFF:x4}-7{sequence:x3}-{tail >> 48:x4}-{tail & 0xFFFF_FFFF_FFFF:x12}"));
    }

    public override string ToString() => Value;

    /// <summary>An id from the file. It was checked before it was stored.</summary>
    internal static DocumentId Stored(string text) => new(text);
}
