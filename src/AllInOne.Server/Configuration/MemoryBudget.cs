namespace AllInOne.Server.Configuration;

/// <summary>
/// The limits of everything that a client can fill, for the memory that the process may use (in bytes): each limit is its fixed default,
/// or a share of the memory, whichever is less. If all limits are reached, their data takes at most 61 % of the memory. The rest is for
/// the program, its actors and the garbage between two collections. docs/configuration.md has the table.
/// </summary>
/// <param name="available">Bytes. Respects the limit of a container and of the garbage collector.</param>
internal sealed class MemoryBudget(long available)
{
    private const long Mebibyte = 1024 * 1024;

    /// <summary>The approximate memory of a queued log line.</summary>
    private const int LineBytes = 1024;

    private const int MostLines = 10_000;
    private const int FewestLines = 100;

    /// <summary>
    /// Reading a body takes about four times its bytes: the buffer, which doubles, the parsed document, and the copies of its values.
    /// </summary>
    public const int BodyCost = 4;

    /// <summary>Three files have a queue each, and each queue takes up to four times its bound.</summary>
    private const int QueueCost = 3 * 4;

    /// <summary>The default of <see cref="MemoryOptions.Reserve"/> if the memory is large.</summary>
    public const long LargestReserve = 1024 * Mebibyte;

    public const int ReservePercent = 25;

    public long Available { get; } = available;

    /// <summary>The memory that stays free for everything that no limit counts. While less is free, requests that need memory are refused.</summary>
    public long Reserve { get; } = Math.Min(available / 100 * ReservePercent, LargestReserve);

    /// <summary>The capacity of the queue of one log sink, in lines. There are two sinks; each gets 1 % of the memory.</summary>
    public int LogLines { get; } = (int)Math.Clamp(available / 100 / LineBytes, FewestLines, MostLines);

    /// <summary>The limits in this memory.</summary>
    public IReadOnlyList<MemoryLimit> Limits { get; } =
    [
        Of(available, "State:MaxBytes", 1024 * Mebibyte, percent: 15),
        Of(available, "Entities:MaxBytes", 2048 * Mebibyte, percent: 10),
        Of(available, "Http:MaxBodyBytesInFlight", 256 * Mebibyte, percent: 3, cost: BodyCost),
        Of(available, "Storage:QueueBytes", 64 * Mebibyte, percent: 1, cost: QueueCost),
        Of(available, "Jobs:MaxQueuedBytes", 256 * Mebibyte, percent: 4),
        Of(available, "Documents:MaxAtomicImportBytes", 64 * Mebibyte, percent: 3, within: "Http:MaxBodyBytesInFlight"),
        Of(available, "Http:MaxAnswerBytesInFlight", 256 * Mebibyte, percent: 4),
        Of(available, "Documents:MaxPageBytes", 8 * Mebibyte, percent: 1, within: "Http:MaxAnswerBytesInFlight"),
        Of(available, "Live:RingBytes", 64 * Mebibyte, percent: 2),
    ];

    /// <summary>The memory that this process may use: of its container, of the garbage collector's hard limit, or of the machine.</summary>
    public static MemoryBudget OfProcess() => new(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>One line for each configured limit that does not fit into the memory.</summary>
    public IEnumerable<string> Excesses(IConfiguration configuration)
    {
        foreach (var limit in Limits)
        {
            if (configuration.GetValue<long?>(limit.Key) is { } configured && configured > Available / limit.Cost)
            {
                var cost = limit.Cost == 1 ? "" : $", and what it limits takes up to {limit.Cost} times as much";
                yield return $"{limit.Key} is {configured} bytes{cost}; the process may use {Available} bytes of memory. "
                    + $"Without this key it would be {limit.Bytes}.";
            }
        }
    }

    private static MemoryLimit Of(long available, string key, long fixedBytes, int percent, int cost = 1, string? within = null) =>
        new(key, Math.Clamp(available / 100 * percent, Mebibyte, fixedBytes), percent, cost, within);
}
