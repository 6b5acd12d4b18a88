namespace AllInOne.Core.Load;

/// <summary>
/// Spreads the workers' turns over the second: at each look, as many are due as the time since the last one stands for. What was
/// missed is caught up, but never more than one turn of each worker.
/// </summary>
internal sealed class LoadPace
{
    private double _owed;

    /// <summary>How many turns are due.</summary>
    /// <param name="workers">How many workers there are; each has one turn a second.</param>
    /// <param name="elapsed">Since the last look.</param>
    public int Due(int workers, TimeSpan elapsed)
    {
        _owed = Math.Min(_owed + (workers * elapsed.TotalSeconds), workers);
        var due = (int)_owed;
        _owed -= due;
        return due;
    }
}
