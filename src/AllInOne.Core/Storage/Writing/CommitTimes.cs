namespace AllInOne.Core.Storage.Writing;

/// <summary>The numbers of rows and the durations of the last 1,024 transactions. Thread-safe.</summary>
internal sealed class CommitTimes
{
    private const int Size = 1024;

    private readonly Lock _gate = new();
    private readonly int[] _rows = new int[Size];
    private readonly double[] _milliseconds = new double[Size];
    private long _count;

    public void Add(int rows, TimeSpan elapsed)
    {
        lock (_gate)
        {
            var slot = _count++ % Size;
            _rows[slot] = rows;
            _milliseconds[slot] = elapsed.TotalMilliseconds;
        }
    }

    /// <summary>The mean number of rows, and the median and the 99th percentile of the durations; zeros before the first transaction.</summary>
    public (double MeanRows, double P50Ms, double P99Ms) Summary()
    {
        double mean;
        double[] times;
        lock (_gate)
        {
            var count = (int)Math.Min(_count, Size);
            if (count == 0)
            {
                return default;
            }

            mean = _rows.AsSpan(0, count).ToArray().Average();
            times = _milliseconds[..count];
        }

        Array.Sort(times);
        return (mean, times[(times.Length - 1) / 2], times[(times.Length - 1) * 99 / 100]);
    }
}
