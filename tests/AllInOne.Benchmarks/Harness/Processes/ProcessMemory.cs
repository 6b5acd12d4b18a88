namespace AllInOne.Benchmarks.Harness.Processes;

/// <summary>The memory of the machine that this process holds.</summary>
internal static class ProcessMemory
{
    /// <summary>The resident set in MB (10^6 bytes), after a full collection that returns as much memory as possible.</summary>
    public static double ResidentAfterCollection()
    {
        for (var pass = 0; pass < 2; pass++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return Resident();
    }

    /// <summary>The current resident set, in MB.</summary>
    public static double Resident() => Environment.WorkingSet / 1e6;
}
