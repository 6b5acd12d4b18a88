using AllInOne.Server.Configuration;

namespace AllInOne.Server.Hosting;

/// <summary>
/// Gives memory back to the system after a load. The garbage collector runs when something is allocated, so a process that has become quiet keeps
/// what its last load needed. Once it has allocated much and then little for a while, the heap is collected and compacted once.
/// </summary>
internal sealed class MemoryTrim : IDisposable
{
    /// <summary>Bytes allocated since the last trim that make another one worth its time.</summary>
    public const long Worthwhile = 64 * 1024 * 1024;

    /// <summary>Bytes allocated within <see cref="MemoryOptions.TrimAfter"/> up to which the process is quiet.</summary>
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
    /// <param name="collect">Collects, compacts and gives back; the process stands still meanwhile.</param>
    internal MemoryTrim(MemoryOptions options, TimeProvider time, Func<long> allocated, Action collect)
    {
        (_options, _allocated, _collect) = (options, allocated, collect);
        if (options.TrimAfter > TimeSpan.Zero)
        {
            _timer = time.CreateTimer(_ => Look(), null, options.TrimAfter, options.TrimAfter);
        }
    }

    public void Dispose() => _timer?.Dispose();

    private void Look()
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
