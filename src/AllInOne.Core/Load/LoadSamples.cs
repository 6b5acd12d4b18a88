namespace AllInOne.Core.Load;

/// <summary>The samples of the last minute, one for each 100 ms. One actor adds them, and any thread reads them. They outlive this actor.</summary>
internal sealed class LoadSamples
{
    public const int Capacity = 600;

    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly (double Rate, double Cpu)[] _ring = new (double Rate, double Cpu)[Capacity];
    private long _count;

    /// <summary>
    /// Adds a measurement. A measurement over the time of several samples is added several times, so that the time axis stays right.
    /// </summary>
    /// <param name="rate">Jobs done per second.</param>
    /// <param name="cpu">The share of all cores in use, 0 to 1.</param>
    /// <param name="elapsed">The time over which it was measured.</param>
    public void Add(double rate, double cpu, TimeSpan elapsed)
    {
        var sample = (Math.Round(rate, 1), Math.Round(Math.Clamp(cpu, 0, 1), 4));
        var times = (int)Math.Clamp(Math.Round(elapsed / Interval), 1, Capacity);
        lock (_gate)
        {
            for (var i = 0; i < times; i++)
            {
                _ring[_count++ % Capacity] = sample;
            }
        }
    }

    public LoadSnapshot Read(int workers)
    {
        lock (_gate)
        {
            var length = (int)Math.Min(_count, Capacity);
            var (rates, shares) = (new double[length], new double[length]);
            for (var i = 0; i < length; i++)
            {
                (rates[i], shares[i]) = _ring[(_count - length + i) % Capacity];
            }

            return new LoadSnapshot(workers, rates, shares);
        }
    }
}
