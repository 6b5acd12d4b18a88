namespace AllInOne.TestKit;

/// <summary>
/// Objects that must not be kept in memory. Add them in a method that has returned before the check, because an object in a
/// local variable of a running method is alive in a debug build.
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

    /// <summary>Any thread may call.</summary>
    public void Add(object thing)
    {
        lock (_gate)
        {
            _things.Add(new WeakReference(thing));
        }
    }

    /// <summary>Collects garbage until no object is alive, or only <paramref name="spared"/> of them (the last one may be in a register).</summary>
    /// <exception cref="TimeoutException">An object is still alive.</exception>
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
