using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace AllInOne.Core.Values;

/// <summary>
/// The hash of a text that is the same in every process, on every machine and in every version. It decides the place of a key, for example its shard.
/// <see cref="string.GetHashCode()"/> differs in each process. Do not use it for hash tables, because a client can make texts that collide on
/// purpose.
/// </summary>
public static class StableHash
{
    /// <summary>XXH3 of the text's UTF-16 code units, in little-endian order.</summary>
    public static ulong Of(ReadOnlySpan<char> text) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text));

    /// <summary>A number from 0 to below <paramref name="count"/>, evenly distributed.</summary>
    public static int Place(ReadOnlySpan<char> text, int count) => (int)Math.BigMul(Of(text), (ulong)count, out _);
}
