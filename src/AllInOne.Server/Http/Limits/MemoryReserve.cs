namespace AllInOne.Server.Http.Limits;

/// <summary>
/// Knows when less memory than <c>Memory:Reserve</c> is left, whatever has taken it. Each bound of the server counts one kind of data; what no bound counts (buffers
/// of connections and pools, copies, fragments) is seen here, because this looks at the heap itself. Requests that need memory are refused then
/// (<see cref="RequestMemory"/>): the memory that is left is for the requests that run already. Without a reserve any allocation may fail, also one
/// whose failure ends the process.
/// <para>The size of the heap includes garbage. So before it says that memory is short, it has the garbage collected, but only for a tenth of the time. Any thread may ask; the question is
/// cheap.</para>
/// </summary>
internal sealed class MemoryReserve
{
    /// <summary>How long an answer holds.</summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(10);

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

    /// <param name="most">Bytes of the heap from which on memory is short.</param>
    /// <param name="used">Bytes of the heap now, with garbage.</param>
    /// <param name="collect">Collects the garbage; the process stands still meanwhile.</param>
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
                    Look(now);
                }
                finally
                {
                    Volatile.Write(ref _isLooking, 0);
                }
            }

            return _isShort;
        }
    }

    private void Look(long now)
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

        Volatile.Write(ref _nextLook, After(LookInterval));
    }

    private long After(TimeSpan time) => _clock.GetTimestamp() + (long)(time.TotalSeconds * _clock.TimestampFrequency);
}
