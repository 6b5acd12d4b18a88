using AllInOne.Core.Values.Options;

namespace AllInOne.Server.Configuration;

/// <summary>The options of the memory of the process (section <c>Memory</c>).</summary>
internal sealed class MemoryOptions
{
    /// <summary>How long the process must be quiet after a load before it returns memory to the operating system. Zero: never.</summary>
    [Allowed("00:00:00", "1.00:00:00")]
    public TimeSpan TrimAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The largest heap, in bytes, that is trimmed. A trim pauses the process, for about half a millisecond for each megabyte in use.
    /// </summary>
    [Allowed(0)]
    public long TrimLargest { get; set; } = 512 * 1024 * 1024;

    /// <summary>
    /// The bytes of memory that stay free, at most half of the memory. While less is free, requests that need memory get 503. Zero: none. The
    /// default is a share of the memory if that is less (<see cref="MemoryBudget"/>).
    /// </summary>
    [Allowed(0)]
    public long Reserve { get; set; } = MemoryBudget.LargestReserve;
}
