namespace AllInOne.Actors;

/// <summary>
/// Which workers look for work. While one does, no other has to be woken for what is pushed meanwhile: so whoever ends its search looks at the
/// queues once more.
/// </summary>
internal sealed class WorkSearch
{
    /// <summary>Together about 20 microseconds, a few times what a wake-up costs.</summary>
    private const int SpinRounds = 50;

    private const int SpinIterations = 10;

    private int _searching;

    public bool IsOn => Volatile.Read(ref _searching) > 0;

    /// <summary>For a sleeping worker that is about to be woken.</summary>
    public void Join(Worker worker)
    {
        Interlocked.Increment(ref _searching);
        worker.IsSearching = true;
    }

    /// <summary>
    /// Looks for work for a moment before sleep, so that a stream of single messages does not cost a wake-up each. One worker at a time
    /// does. False: there is none, or another worker looks.
    /// </summary>
    public bool SpinsInto(Worker worker)
    {
        if (!worker.IsSearching)
        {
            if (Interlocked.CompareExchange(ref _searching, 1, 0) != 0)
            {
                return false;
            }

            worker.IsSearching = true;
        }

        for (var round = 0; round < SpinRounds; round++)
        {
            if (worker.Scheduler.Queues.HasWork)
            {
                return true;
            }

            Thread.SpinWait(SpinIterations);
        }

        return false;
    }

    /// <summary>From here on others are woken for new work; false if it did not search.</summary>
    public bool End(Worker worker)
    {
        if (!worker.IsSearching)
        {
            return false;
        }

        worker.IsSearching = false;
        Interlocked.Decrement(ref _searching);
        return true;
    }
}
