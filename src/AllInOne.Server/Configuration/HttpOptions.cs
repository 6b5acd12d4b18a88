using AllInOne.Core.Values.Options;

namespace AllInOne.Server.Configuration;

/// <summary>The options of HTTP (section <c>Http</c>).</summary>
internal sealed class HttpOptions : IOptionRules
{
    /// <summary>The minimum memory of an import, for its next batch.</summary>
    public const int ImportBatchBytes = 1024 * 1024;

    /// <summary>
    /// The largest request body in bytes; a larger one gets 413. It is larger than <c>Documents:MaxDocumentBytes</c>, so that a client can write
    /// a document back as it read it, with the members that the server added.
    /// </summary>
    [Allowed(1024)]
    public int MaxBodyBytes { get; set; } = 2 * 1024 * 1024;

    /// <summary>
    /// How many bytes of bodies all current requests may hold together; a request that would exceed this limit gets 503. The default is a share
    /// of the memory if that is less (<see cref="MemoryBudget"/>).
    /// </summary>
    [Allowed(ImportBatchBytes)]
    public long MaxBodyBytesInFlight { get; set; } = 256 * 1024 * 1024;

    /// <summary>
    /// How many bytes of data for answers (documents, history, events) all current requests may hold together. Beyond that a list ends early if
    /// it can; otherwise the answer is 503. The default is a share of the memory if that is less (<see cref="MemoryBudget"/>).
    /// </summary>
    public long MaxAnswerBytesInFlight { get; set; } = 256 * 1024 * 1024;

    /// <summary>
    /// How many bytes one byte of an encoded body (<c>Content-Encoding</c>) may become, once it is larger than <see cref="MaxBodyBytes"/>: the
    /// limit of a streamed import, which has no other. gzip reaches 1032.
    /// </summary>
    [Allowed(1, 1_000_000)]
    public int MaxExpansion { get; set; } = 1100;

    /// <summary>The longest first line of a request, with its path and query; a longer one gets 414.</summary>
    [Allowed(1024, 512 * 1024)]
    public int MaxRequestLineBytes { get; set; } = 64 * 1024;

    /// <summary>How long current requests may take when the web host stops. Live requests are closed at once.</summary>
    [Allowed("00:00:00", "00:05:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a client may take to send each 64 KB of a body, and the rest at its end, before it gets 408. Kestrel's minimum rate applies too:
    /// 240 bytes a second on average, after five seconds.
    /// </summary>
    [Allowed("00:00:00.100", "00:10:00")]
    public TimeSpan SlowReadTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a client may acknowledge no byte at all while bytes of an answer wait for it, before its connection is aborted. Live requests
    /// have <c>Live:SlowWriteTimeout</c>.
    /// </summary>
    [Allowed("00:00:00.100", "00:10:00")]
    public TimeSpan SlowWriteTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The calls from pages of other sites.</summary>
    public CorsOptions Cors { get; set; } = new();

    /// <summary>The compression of answers.</summary>
    public CompressionOptions Compression { get; set; } = new();

    public IEnumerable<string> BrokenRules()
    {
        if (MaxBodyBytesInFlight < MaxBodyBytes)
        {
            yield return $"Http:MaxBodyBytesInFlight is {MaxBodyBytesInFlight}; it takes {MaxBodyBytes} (Http:MaxBodyBytes) or more";
        }
    }
}
