namespace AllInOne.Core.Faults;

/// <summary>Faults made on purpose: section <c>Faults</c>.</summary>
public sealed class FaultsOptions
{
    public const string Section = "Faults";

    /// <summary>Opens <c>/api/system/faults</c>, and starts <c>/user/faults</c>.</summary>
    public bool Enabled { get; set; }

    /// <summary>How many faults there may be at a time, those included that were stopped and still hold their thread. 1 to 1,000.</summary>
    public int MaxCount { get; set; } = 100;

    /// <summary>The longest that a fault may last. 1 second to 1 hour.</summary>
    public TimeSpan MaxDuration { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many bytes all leaks together may hold. 1 MiB to 64 GiB.</summary>
    public long MaxLeakBytes { get; set; } = 256 * 1024 * 1024;

    /// <summary>Every problem, one sentence each; none when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        if (MaxCount is < 1 or > 1000)
        {
            yield return $"Faults:MaxCount is {MaxCount}; it takes 1 to 1000.";
        }

        if (MaxDuration < TimeSpan.FromSeconds(1) || MaxDuration > TimeSpan.FromHours(1))
        {
            yield return $"Faults:MaxDuration is {MaxDuration}; it takes 00:00:01 to 01:00:00.";
        }

        if (MaxLeakBytes is < 1L << 20 or > 1L << 36)
        {
            yield return $"Faults:MaxLeakBytes is {MaxLeakBytes}; it takes {1L << 20} to {1L << 36}.";
        }
    }
}
