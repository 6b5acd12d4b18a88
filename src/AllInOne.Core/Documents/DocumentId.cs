using System.Globalization;
using System.Security.Cryptography;
using AllInOne.Core.Values;

namespace AllInOne.Core.Documents;

/// <summary>Ids of documents: the client's own, or made here.</summary>
public static class DocumentId
{
    private const int SequenceBits = 12;

    private static long _last;

    /// <summary>1 to 128 of letters, digits and <c>_ . : @ -</c>; not <c>.</c> and <c>..</c>, which a path takes for the way up.</summary>
    public static bool IsValid(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.Length is > 0 and <= 128 && !DotSegments.Is(id)
            && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or ':' or '@' or '-');
    }

    /// <summary>
    /// A UUID of version 7 (RFC 9562) that sorts after all that this process has made before: its 12 bits behind the millisecond count
    /// where others are random, and run on into the next millisecond when they are used up.
    /// </summary>
    public static string Next(DateTimeOffset now)
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
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{time >> 16:x8}-{time & 0xFFFF:x4}-7{sequence:x3}-{tail >> 48:x4}-{tail & 0xFFFF_FFFF_FFFF:x12}");
    }
}
