namespace AllInOne.Benchmarks.Harness.Processes;

/// <summary>What this process holds of the machine's memory.</summary>
internal static class ProcessMemory
{
    /// <summary>The resident set in MB (10^6 bytes), after a full collection that gives back what it can.</summary>
    public static double ResidentAfterCollection()
    {
        for (var pass = 0; pass < 2; pass++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return Resident();
    }

    /// <summary>The resident set as it stands, in MB.</summary>
    public static double Resident() => Environment.WorkingSet / 1e6;
}
