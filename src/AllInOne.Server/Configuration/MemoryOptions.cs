namespace AllInOne.Server.Configuration;

/// <summary>Section <c>Memory</c>: when the process gives memory back to the system.</summary>
internal sealed class MemoryOptions
{
    public const string Section = "Memory";

    /// <summary>How long the process must be quiet after a load before it gives memory back. Zero: never.</summary>
    public TimeSpan TrimAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A larger heap, in bytes, is not trimmed: the process stands still meanwhile, about half a millisecond for each megabyte in use.</summary>
    public long TrimLargest { get; set; } = 512 * 1024 * 1024;

    /// <summary>
    /// Bytes of the memory that are left free: while less is left, requests that need memory get 503. At most half of the memory; zero: none. A share of the memory if
    /// that is less (<see cref="MemoryBudget"/>).
    /// </summary>
    public long Reserve { get; set; } = MemoryBudget.LargestReserve;

    public IEnumerable<string> Validate()
    {
        if (Reserve < 0)
        {
            yield return $"{Section}:{nameof(Reserve)} must be at least 0, not {Reserve}";
        }

        if (TrimAfter < TimeSpan.Zero || TrimAfter > TimeSpan.FromDays(1))
        {
            yield return $"{Section}:{nameof(TrimAfter)} must be from zero to a day, not {TrimAfter}";
        }

        if (TrimLargest < 0)
        {
            yield return $"{Section}:{nameof(TrimLargest)} must be at least 0, not {TrimLargest}";
        }
    }
}
