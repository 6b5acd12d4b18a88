namespace AllInOne.Server.Simulation;

/// <summary>
/// The delays between attempts. They double up to a limit, and have a random part so that many devices do not reconnect at the same time.
/// </summary>
internal sealed class RetryDelay(Random random)
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    private int _attempts;

    /// <summary>The next delay: 60 to 100 percent of the current step.</summary>
    public TimeSpan Next()
    {
        var length = Math.Min(Longest.TotalMilliseconds, First.TotalMilliseconds * Math.Pow(2, _attempts++));
        return TimeSpan.FromMilliseconds(length * (0.6 + (0.4 * random.NextDouble())));
    }

    public void Reset() => _attempts = 0;
}
