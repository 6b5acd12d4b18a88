namespace AllInOne.Core.Values.Times;

/// <summary>
/// The clock of leases, times to live and delays. It runs with the monotonic clock, so a change of the wall clock does not change a duration. It
/// starts with the wall clock's time; after that it has its own origin, which each file stores (<see cref="ClockMark"/>). Thread-safe.
/// </summary>
internal sealed class SteadyClock
{
    /// <summary>A smaller step comes from normal clock correction (NTP) and is not a jump.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    /// <summary>If the thread waits longer than this between the two readings, the clocks may only seem to differ.</summary>
    private static readonly TimeSpan LongestReading = TimeSpan.FromMilliseconds(100);

    private const int Readings = 10;

    /// <summary>A step forward of at least this length is in doubt. The server must run for the same time to confirm it. In microseconds.</summary>
    private static readonly long Hour = Length(TimeSpan.FromHours(1));

    private static readonly long SmallestJump = Length(Tolerance);

    private readonly Lock _steps = new();
    private readonly TimeProvider _time;
    private readonly long _started;
    private long _origin;
    private long _ahead;
    private long _looked;
    private volatile Unconfirmed _unconfirmed = new(0, 0);

    public SteadyClock(TimeProvider time)
    {
        _time = time;
        _started = time.GetTimestamp();
        _origin = Microseconds.From(time.GetUtcNow());
    }

    /// <summary>The time, in whole microseconds.</summary>
    public DateTimeOffset Now => Microseconds.ToTime(NowMicroseconds);

    /// <summary>The time in microseconds since 1970.</summary>
    public long NowMicroseconds => Volatile.Read(ref _origin) + (_time.GetElapsedTime(_started).Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>The reading that a commit stores.</summary>
    public ClockMark Mark
    {
        get
        {
            var (ahead, doubt, now) = (Ahead, _unconfirmed, NowMicroseconds);
            var left = Math.Max(0, doubt.Until - now);
            return new ClockMark(
                _time.GetUtcNow(), TimeSpan.FromMicroseconds(ahead), TimeSpan.FromMicroseconds(left > 0 ? doubt.Amount : 0), TimeSpan.FromMicroseconds(left));
        }
    }

    /// <summary>How far the wall clock is ahead, in microseconds. It ignores small differences, so that a converted time stays the same.</summary>
    private long Ahead
    {
        get
        {
            var (known, ahead) = (Volatile.Read(ref _ahead), Difference());
            if (Math.Abs(ahead - known) < SmallestJump)
            {
                return known;
            }

            lock (_steps)
            {
                if (_ahead == known)
                {
                    // In this order, so that another thread that reads the new difference also reads the doubt.
                    Step(ahead - known);
                    Volatile.Write(ref _ahead, ahead);
                }
            }

            return ahead;
        }
    }

    /// <summary>
    /// By how much the wall clock may be wrong: the sum of its steps forward of an hour or more, less its later steps back. A downtime of an hour or
    /// more counts as such a step, because the server cannot distinguish it from a clock that was set. The time is confirmed when the server has run
    /// for an hour. This hour may be the sum of several runs. A further step starts the hour again only if it is longer than all earlier steps. So
    /// the hour also completes on a machine that never runs for an hour at a time. Before data is deleted because of its age, this time must be
    /// subtracted from the age.
    /// </summary>
    public TimeSpan Doubt
    {
        get
        {
            _ = Ahead;
            return _unconfirmed is var doubt && NowMicroseconds < doubt.Until ? TimeSpan.FromMicroseconds(doubt.Amount) : TimeSpan.Zero;
        }
    }

    /// <summary>
    /// Continues from a stored reading, before anything else uses this clock. The downtime is measured by the wall clock, but is never negative: if
    /// the wall clock is behind the reading, the downtime counts as zero.
    /// </summary>
    /// <returns>How far the wall clock is behind the reading; zero if it is not.</returns>
    public TimeSpan Continue(ClockMark mark)
    {
        var behind = Length(mark.Wall - _time.GetUtcNow());
        var ahead = Length(mark.Ahead);
        Volatile.Write(ref _origin, _origin - ahead + Math.Max(0, behind));
        _ahead = ahead - Math.Max(0, behind);
        _looked = Difference();
        _unconfirmed = new Unconfirmed(Length(mark.Doubt), NowMicroseconds + Length(mark.DoubtLeft));
        Step(-behind);
        return behind > SmallestJump ? TimeSpan.FromMicroseconds(behind) : TimeSpan.Zero;
    }

    /// <summary>Whether the wall clock was set since its difference had this value.</summary>
    public bool WasSetSince(TimeSpan ahead) => Math.Abs(Ahead - Length(ahead)) >= SmallestJump;

    /// <summary>The time that the wall clock will show at this steady time, if the wall clock is not set before.</summary>
    public DateTimeOffset ToWall(DateTimeOffset steady) => ToWall(Microseconds.From(steady));

    /// <param name="steady">The steady time in microseconds.</param>
    public DateTimeOffset ToWall(long steady) => Microseconds.ToTime(steady + Ahead);

    /// <summary>
    /// How far the wall clock was set since the last call: positive for forward, negative for back; null if it was not set. Only a step between two
    /// calls counts. A slow correction, or a slow drift between the clocks, is not a jump, however large its sum becomes over days. For a single
    /// caller.
    /// </summary>
    public TimeSpan? TakeJump()
    {
        var difference = Difference();
        (var jump, _looked) = (difference - _looked, difference);
        return Math.Abs(jump) < SmallestJump ? null : TimeSpan.FromMicroseconds(jump);
    }

    /// <param name="step">How far the wall clock was set, in microseconds.</param>
    private void Step(long step)
    {
        var (before, now) = (_unconfirmed, NowMicroseconds);
        var amount = now < before.Until ? before.Amount : 0;
        if (step >= Hour)
        {
            _unconfirmed = new Unconfirmed(amount + step, step > amount ? now + Hour : before.Until);
        }
        else if (step < 0)
        {
            _unconfirmed = before with { Amount = Math.Max(0, amount + step) };
        }
    }

    /// <summary>In microseconds.</summary>
    private static long Length(TimeSpan time) => (long)time.TotalMicroseconds;

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

    /// <summary>An amount that is in doubt, and the time of this clock until which it is in doubt. Both in microseconds.</summary>
    private sealed record Unconfirmed(long Amount, long Until);
}
