using AllInOne.Core.Values.Options;

namespace AllInOne.Core.Requests;

/// <summary>The options of the calculations for requests (section <c>Requests</c>).</summary>
public sealed class RequestsOptions
{
    /// <summary>The maximum number of current calculations, including endless ones; a further one gets 503.</summary>
    [Allowed(1, 10_000)]
    public int MaxConcurrent { get; set; } = 100;

    /// <summary>How long a caller waits for the result; then it gets 504, and the calculation continues.</summary>
    [Allowed("00:00:00.001", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The largest number that a sum may end with. The sum fits in 64 bits.</summary>
    [Allowed(1, 4_000_000_000)]
    public long MaxSum { get; set; } = 1_000_000_000;
}
