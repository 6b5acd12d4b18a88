namespace AllInOne.Actors;

/// <summary>
/// Counts the workers that search for work. While one worker searches, new work wakes no other worker. So a worker that ends its search must
/// check the queues once more.
/// </summary>
internal sealed class WorkSearch
{
    /// <summary>The number of spins. Together they take about 20 microseconds, a few times the cost of a wake-up.</summary>
    private const int SpinRounds = 50;

    private const int SpinIterations = 10;

    private int _searching;

    public bool IsOn => Volatile.Read(ref _searching) > 0;

    /// <summary>Counts a sleeping worker as searching, just before it is woken.</summary>
    public void Join(Worker worker)
    {
        Interlocked.Increment(ref _searching);
        worker.IsSearching = true;
    }

    /// <summary>
    /// Searches for work for a moment before sleep, so that not every message of a stream costs a wake-up. Only one worker at a time searches.
    /// False if there is no work, or another worker searches already.
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

    /// <summary>Ends the search of this worker: new work wakes other workers again. False if the worker did not search.</summary>
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
