namespace AllInOne.TestKit;

/// <summary>
/// Things that nobody may hold any longer. Add them from a method that has returned by the time of the question: what a
/// method still has in a local is alive in a debug build.
/// </summary>
public sealed class Forgotten
{
    private readonly Lock _gate = new();
    private readonly List<WeakReference> _things = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _things.Count;
            }
        }
    }

    /// <summary>Any thread.</summary>
    public void Add(object thing)
    {
        lock (_gate)
        {
            _things.Add(new WeakReference(thing));
        }
    }

    /// <summary>Collects garbage until nothing of it is left, or but <paramref name="spared"/> (the last one may sit in a register).</summary>
    /// <exception cref="TimeoutException">Something is still held.</exception>
    public async Task ExpectAllAsync(int spared = 0)
    {
        var deadline = DateTime.UtcNow + Probes.Patience;
        while (Alive() > spared)
        {
            if (DateTime.UtcNow > deadline)
            {
                throw new TimeoutException($"{Alive()} of {Count} are still held.");
            }

            await Task.Delay(20).ConfigureAwait(false);
        }
    }

    private int Alive()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        lock (_gate)
        {
            return _things.Count(thing => thing.IsAlive);
        }
    }
}
