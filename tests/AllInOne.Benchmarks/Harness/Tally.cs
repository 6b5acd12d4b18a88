using System.Runtime.InteropServices;

namespace AllInOne.Benchmarks.Harness;

/// <summary>A count that one actor writes sometimes and the measuring thread reads. It has its cache lines for itself.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal sealed class Tally
{
    /// <summary>An actor writes its count once for this many messages.</summary>
    public const int Step = 1024;

    [FieldOffset(128)]
    private long _count;

    public void Write(long count) => Volatile.Write(ref _count, count);

    public long Read() => Volatile.Read(ref _count);
}
