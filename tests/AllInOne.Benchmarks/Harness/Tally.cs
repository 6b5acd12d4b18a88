using System.Runtime.InteropServices;

namespace AllInOne.Benchmarks.Harness;

/// <summary>A count that one actor writes now and then and the measuring thread reads; alone on its cache lines.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal sealed class Tally
{
    /// <summary>An actor writes its count once in so many.</summary>
    public const int Step = 1024;

    [FieldOffset(128)]
    private long _count;

    public void Write(long count) => Volatile.Write(ref _count, count);

    public long Read() => Volatile.Read(ref _count);
}
