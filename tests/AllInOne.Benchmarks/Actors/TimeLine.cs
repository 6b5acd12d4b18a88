namespace AllInOne.Benchmarks.Actors;

/// <summary>
/// Moments that many actors record without waiting for each other, in ticks of the stopwatch. Moments beyond its capacity are lost.
/// </summary>
internal sealed class TimeLine(int room)
{
    private readonly long[] _moments = new long[room];
    private int _count;

    public void Add(long moment)
    {
        var at = Interlocked.Increment(ref _count) - 1;
        if (at < _moments.Length)
        {
            Volatile.Write(ref _moments[at], moment);
        }
    }

    /// <summary>Returns all moments so far in the order of recording. A reserved entry without a value is left out.</summary>
    public List<long> ToList() => _moments.Take(Volatile.Read(ref _count)).Where(moment => moment != 0).ToList();

    /// <summary>Returns the moments within a span, in the order of time.</summary>
    public List<long> Between(long begin, long end) => ToList().Where(moment => moment >= begin && moment < end).Order().ToList();

    /// <summary>Returns the longest time within a span without a moment.</summary>
    public long LongestGap(long begin, long end)
    {
        var (longest, last) = (0L, begin);
        foreach (var moment in Between(begin, end).Append(end))
        {
            longest = Math.Max(longest, moment - last);
            last = moment;
        }

        return longest;
    }
}
