using AllInOne.Core.Storage.History;

namespace AllInOne.Core.Clocks;

/// <summary>
/// The time of leases, of times to live and of delays: it runs with the monotonic clock, so a change of the wall clock does not
/// change a duration. It starts with the wall clock's time; after that it has its own origin, which each file stores (<see cref="ClockMark"/>). Any thread.
/// </summary>
internal sealed class SteadyClock
{
    /// <summary>A smaller difference comes from normal clock correction (NTP) and is not a jump.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    /// <summary>If the thread waits longer than this between the two readings, the clocks may only seem to differ.</summary>
    private static readonly TimeSpan LongestReading = TimeSpan.FromMilliseconds(100);

    private const int Readings = 10;

    private static readonly TimeSpan LongForward = TimeSpan.FromHours(1);

    private readonly TimeProvider _time;
    private readonly long _started;
    private long _origin;
    private long _ahead;
    private long _reported;
    private long _forwardAt = long.MinValue / 2;

    public SteadyClock(TimeProvider time)
    {
        _time = time;
        _started = time.GetTimestamp();
        _origin = Microseconds.From(time.GetUtcNow());
    }

    /// <summary>Whole microseconds.</summary>
    public DateTimeOffset Now => Microseconds.ToTime(NowMicroseconds);

    /// <summary>The same as microseconds since 1970.</summary>
    public long NowMicroseconds => Volatile.Read(ref _origin) + (_time.GetElapsedTime(_started).Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>The reading to be stored with a commit.</summary>
    public ClockMark Mark => new(_time.GetUtcNow(), TimeSpan.FromMicroseconds(Ahead));

    /// <summary>How far the wall clock is ahead, in microseconds. Small differences are left out, so that a converted time stays the same.</summary>
    private long Ahead
    {
        get
        {
            var (known, ahead) = (Volatile.Read(ref _ahead), Difference());
            if (Math.Abs(ahead - known) < Tolerance.Ticks / TimeSpan.TicksPerMicrosecond)
            {
                return known;
            }

            if (ahead - known >= LongForward.Ticks / TimeSpan.TicksPerMicrosecond)
            {
                Volatile.Write(ref _forwardAt, NowMicroseconds);
            }

            Volatile.Write(ref _ahead, ahead);
            return ahead;
        }
    }

    /// <summary>
    /// Continues from a stored reading, before anything else uses this clock. The downtime is measured by the wall clock, but is never negative: if the wall clock
    /// is behind the reading, the downtime counts as zero.
    /// </summary>
    /// <returns>How far the wall clock is behind the reading; zero when it is not.</returns>
    public TimeSpan Continue(ClockMark mark)
    {
        var behind = mark.Wall - _time.GetUtcNow();
        var ahead = (long)mark.Ahead.TotalMicroseconds;
        Volatile.Write(ref _origin, _origin - ahead + Math.Max(0, (long)behind.TotalMicroseconds));
        _reported = _ahead = ahead - Math.Max(0, (long)behind.TotalMicroseconds);
        if (-behind >= LongForward)
        {
            // The downtime was long, or the clock was set forward: the two cannot be distinguished.
            Volatile.Write(ref _forwardAt, NowMicroseconds);
        }

        return behind > Tolerance ? behind : TimeSpan.Zero;
    }

    /// <summary>The time that the wall clock will show then, if nobody sets it until then.</summary>
    public DateTimeOffset ToWall(DateTimeOffset steady) => ToWall(Microseconds.From(steady));

    /// <param name="steady">In microseconds.</param>
    public DateTimeOffset ToWall(long steady) => Microseconds.ToTime(steady + Ahead);

    /// <summary>How far the wall clock was set since the last call: positive for forward, negative for back; null when it was not set.</summary>
    public TimeSpan? Look()
    {
        var ahead = Ahead;
        var jump = ahead - Interlocked.Exchange(ref _reported, ahead);
        return jump == 0 ? null : TimeSpan.FromMicroseconds(jump);
    }

    /// <summary>
    /// Whether the wall clock went forward by an hour or more within the last hour, while the server ran or between two runs. The wall clock may then be wrong,
    /// so nothing may be deleted because of its age.
    /// </summary>
    public bool WasSetForward()
    {
        _ = Ahead;
        return NowMicroseconds - Volatile.Read(ref _forwardAt) < LongForward.Ticks / TimeSpan.TicksPerMicrosecond;
    }

    private long Difference()
    {
        for (var n = 1; ; n++)
        {
            var before = _time.GetTimestamp();
            var difference = Microseconds.From(_time.GetUtcNow()) - NowMicroseconds;
            if (n == Readings || _time.GetElapsedTime(before) < LongestReading)
            {
                return difference;
            }
        }
    }
}
