namespace AllInOne.Server.Http.Limits;

/// <summary>
/// The watch over the free memory: whether less than <c>Memory:Reserve</c> is free. Each other limit counts one kind of data. This one measures the
/// whole heap, including what no limit counts: buffers of connections and pools, copies, fragments. While memory is short, requests that need memory
/// are refused (<see cref="RequestMemory"/>), so that the current requests can complete. Without a reserve, any allocation may fail, and some
/// failures end the process.
/// <para>The size of the heap includes garbage. So before it reports that memory is short, it collects the garbage, but for at most a tenth of the
/// time. Any thread may call it, and a call is cheap.</para>
/// </summary>
internal sealed class MemoryReserve
{
    /// <summary>How long a result is used.</summary>
    public static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>The shortest time between two collections.</summary>
    public static readonly TimeSpan CollectInterval = TimeSpan.FromMilliseconds(100);

    private const int PausesBetween = 10;

    private readonly TimeProvider _clock;
    private readonly Func<long> _used;
    private readonly Action _collect;
    private readonly long _most;
    private long _nextLook;
    private long _nextCollect;
    private int _isLooking;
    private volatile bool _isShort;

    public MemoryReserve(long available, long reserve, TimeProvider clock)
        : this(available - Math.Min(reserve, available / 2), clock, () => GC.GetTotalMemory(forceFullCollection: false), () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true))
    {
    }

    /// <param name="most">The size of the heap at which memory is short, in bytes.</param>
    /// <param name="used">The current size of the heap with garbage, in bytes.</param>
    /// <param name="collect">Collects the garbage; the process pauses meanwhile.</param>
    internal MemoryReserve(long most, TimeProvider clock, Func<long> used, Action collect)
    {
        (_most, _clock, _used, _collect) = (most, clock, used, collect);
        _nextLook = _nextCollect = clock.GetTimestamp();
    }

    public bool IsShort
    {
        get
        {
            var now = _clock.GetTimestamp();
            if (now >= Volatile.Read(ref _nextLook) && Interlocked.Exchange(ref _isLooking, 1) == 0)
            {
                try
                {
                    Check(now);
                }
                finally
                {
                    Volatile.Write(ref _isLooking, 0);
                }
            }

            return _isShort;
        }
    }

    private void Check(long now)
    {
        if (_used() < _most)
        {
            _isShort = false;
        }
        else if (now >= _nextCollect)
        {
            _collect();
            _isShort = _used() >= _most;
            var pause = _clock.GetElapsedTime(now) * PausesBetween;
            _nextCollect = After(pause > CollectInterval ? pause : CollectInterval);
        }

        Volatile.Write(ref _nextLook, After(CheckInterval));
    }

    private long After(TimeSpan time) => _clock.GetTimestamp() + (long)(time.TotalSeconds * _clock.TimestampFrequency);
}
