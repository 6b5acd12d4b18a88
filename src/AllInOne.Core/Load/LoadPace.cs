namespace AllInOne.Core.Load;

/// <summary>
/// Spreads the turns of the workers evenly over each second: a call returns how many turns are due for the time since the previous call. It catches
/// up with missed turns for at most the length of one sample. Turns that a longer stall has cost are dropped, so that the chart shows the gap and no
/// burst after it.
/// </summary>
internal sealed class LoadPace
{
    private static readonly TimeSpan Longest = LoadSamples.Interval;

    private double _owed;

    /// <summary>The number of turns that are due.</summary>
    /// <param name="workers">The number of workers; each has one turn a second.</param>
    /// <param name="elapsed">The time since the previous call.</param>
    public int Due(int workers, TimeSpan elapsed)
    {
        _owed += workers * (elapsed < Longest ? elapsed : Longest).TotalSeconds;
        var due = (int)_owed;
        _owed -= due;
        return due;
    }
}
