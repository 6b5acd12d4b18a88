namespace AllInOne.Server.Configuration;

/// <summary>Section <c>Http</c>.</summary>
internal sealed class HttpOptions
{
    /// <summary>The minimum memory of an import, for its next batch.</summary>
    public const int ImportBatchBytes = 1024 * 1024;

    /// <summary>
    /// Largest request body in bytes; a larger one gets 413. More than <c>Documents:MaxDocumentBytes</c>, so that a document can be written
    /// back as it was read, with what the server keeps beside it.
    /// </summary>
    public int MaxBodyBytes { get; set; } = 2 * 1024 * 1024;

    /// <summary>
    /// How many bytes of bodies all requests under way may hold together; one that brings more gets 503 and is welcome later.
    /// A share of the memory where that is less (<see cref="MemoryBudget"/>).
    /// </summary>
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
    public int MaxExpansion { get; set; } = 1100;

    /// <summary>The longest first line of a request, its path and query; a longer one gets 414 before there is a request.</summary>
    public int MaxRequestLineBytes { get; set; } = 64 * 1024;

    /// <summary>How long requests in flight may take to end when the web host stops. Live requests are ended at once.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a client may take to send each 64 KB of a body, and the rest at its end, before it gets 408. Kestrel's minimum rate applies too:
    /// 240 bytes a second on average, after five seconds. 0.1 second to 10 minutes.
    /// </summary>
    public TimeSpan SlowReadTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a client may acknowledge no byte at all while bytes of an answer wait for it, before its connection is aborted. Live requests
    /// have <c>Live:SlowWriteTimeout</c>. 0.1 second to 10 minutes.
    /// </summary>
    public TimeSpan SlowWriteTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Pages of other sites that may call.</summary>
    public CorsOptions Cors { get; set; } = new();

    /// <summary>Which answers are compressed.</summary>
    public CompressionOptions Compression { get; set; } = new();

    public IEnumerable<string> Validate()
    {
        foreach (var problem in Cors.Validate())
        {
            yield return problem;
        }

        if (MaxBodyBytes < 1024)
        {
            yield return "Http:MaxBodyBytes must be at least 1024";
        }

        if (MaxBodyBytesInFlight < MaxBodyBytes)
        {
            yield return $"Http:MaxBodyBytesInFlight is {MaxBodyBytesInFlight}; it must be at least Http:MaxBodyBytes, {MaxBodyBytes}";
        }

        if (MaxBodyBytesInFlight < ImportBatchBytes)
        {
            yield return $"Http:MaxBodyBytesInFlight is {MaxBodyBytesInFlight}; it must be at least {ImportBatchBytes}, which each import holds";
        }

        if (MaxExpansion is < 1 or > 1_000_000)
        {
            yield return "Http:MaxExpansion must be from 1 to 1000000";
        }

        if (MaxRequestLineBytes is < 1024 or > 512 * 1024)
        {
            yield return "Http:MaxRequestLineBytes must be from 1024 to 524288";
        }

        if (DrainTimeout < TimeSpan.Zero || DrainTimeout > TimeSpan.FromMinutes(5))
        {
            yield return "Http:DrainTimeout must be from 00:00:00 to 00:05:00";
        }

        if (SlowReadTimeout < TimeSpan.FromSeconds(0.1) || SlowReadTimeout > TimeSpan.FromMinutes(10))
        {
            yield return "Http:SlowReadTimeout must be from 00:00:00.100 to 00:10:00";
        }

        if (SlowWriteTimeout < TimeSpan.FromSeconds(0.1) || SlowWriteTimeout > TimeSpan.FromMinutes(10))
        {
            yield return "Http:SlowWriteTimeout must be from 00:00:00.100 to 00:10:00";
        }
    }
}
