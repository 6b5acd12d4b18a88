using AllInOne.Server.Configuration;

namespace AllInOne.Server.Hosting;

/// <summary>
/// The return of memory to the operating system after a load. The garbage collector runs only when memory is allocated, so a process that has become
/// quiet keeps the memory of its last load. If it has allocated much and then little for a while, the heap is collected and compacted once.
/// </summary>
internal sealed class MemoryTrim : IDisposable
{
    /// <summary>The minimum number of bytes allocated since the last trim that makes another trim worth its pause.</summary>
    public const long Worthwhile = 64 * 1024 * 1024;

    /// <summary>The process is quiet if it allocates fewer bytes than this within <see cref="MemoryOptions.TrimAfter"/>.</summary>
    public const long Quiet = 8 * 1024 * 1024;

    private readonly MemoryOptions _options;
    private readonly Func<long> _allocated;
    private readonly Action _collect;
    private readonly ITimer? _timer;
    private long _seen;
    private long _trimmed;

    public MemoryTrim(MemoryOptions options, TimeProvider time)
        : this(options, time, () => GC.GetTotalAllocatedBytes(), () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true))
    {
    }

    /// <param name="allocated">Bytes that the process has allocated since its start.</param>
    /// <param name="collect">Collects and compacts the heap and returns memory; the process pauses meanwhile.</param>
    internal MemoryTrim(MemoryOptions options, TimeProvider time, Func<long> allocated, Action collect)
    {
        (_options, _allocated, _collect) = (options, allocated, collect);
        if (options.TrimAfter > TimeSpan.Zero)
        {
            _timer = time.CreateTimer(_ => Check(), null, options.TrimAfter, options.TrimAfter);
        }
    }

    public void Dispose() => _timer?.Dispose();

    private void Check()
    {
        var allocated = _allocated();
        var isQuiet = allocated - _seen < Quiet;
        _seen = allocated;
        if (isQuiet && allocated - _trimmed >= Worthwhile && GC.GetTotalMemory(forceFullCollection: false) <= _options.TrimLargest)
        {
            _trimmed = allocated;
            _collect();
        }
    }
}
