namespace AllInOne.Core.Load;

/// <summary>
/// Spreads the workers' turns over the second: at each look, as many are due as the time since the last one stands for. What was
/// missed is caught up as far as one sample goes. Turns that a longer stall has cost are not: the chart then shows the hole that there was, and no
/// unwanted burst after it.
/// </summary>
internal sealed class LoadPace
{
    private static readonly TimeSpan Longest = LoadSamples.Interval;

    private double _owed;

    /// <summary>How many turns are due.</summary>
    /// <param name="workers">How many workers there are; each has one turn a second.</param>
    /// <param name="elapsed">Since the last look.</param>
    public int Due(int workers, TimeSpan elapsed)
    {
        _owed += workers * (elapsed < Longest ? elapsed : Longest).TotalSeconds;
        var due = (int)_owed;
        _owed -= due;
        return due;
    }
}
