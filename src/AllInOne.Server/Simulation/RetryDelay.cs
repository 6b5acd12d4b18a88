namespace AllInOne.Server.Simulation;

/// <summary>The pauses between attempts: doubled each time up to a limit, and jittered so that many devices do not come back at once.</summary>
internal sealed class RetryDelay(Random random)
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    private int _attempts;

    /// <summary>Between 60 and 100 percent of the step's length.</summary>
    public TimeSpan Next()
    {
        var length = Math.Min(Longest.TotalMilliseconds, First.TotalMilliseconds * Math.Pow(2, _attempts++));
        return TimeSpan.FromMilliseconds(length * (0.6 + (0.4 * random.NextDouble())));
    }

    public void Reset() => _attempts = 0;
}
