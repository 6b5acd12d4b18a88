namespace AllInOne.Core.Requests;

/// <summary>Application work done for requests: section <c>Requests</c>.</summary>
public sealed class RequestsOptions
{
    public const string Section = "Requests";

    /// <summary>How many calculations there may be at a time, those included that never end; one more gets 503. 1 to 10,000.</summary>
    public int MaxConcurrent { get; set; } = 100;

    /// <summary>How long a caller waits for the result; then it gets 504, and the calculation continues. 1 millisecond to 10 minutes.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The largest number that may be summed up to. 1 to 4,000,000,000: the sum fits in 64 bits.</summary>
    public long MaxSum { get; set; } = 1_000_000_000;

    /// <summary>Every problem, one sentence each; none when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        if (MaxConcurrent is < 1 or > 10_000)
        {
            yield return $"Requests:MaxConcurrent is {MaxConcurrent}; it takes 1 to 10000.";
        }

        if (Timeout < TimeSpan.FromMilliseconds(1) || Timeout > TimeSpan.FromMinutes(10))
        {
            yield return $"Requests:Timeout is {Timeout}; it takes 00:00:00.001 to 00:10:00.";
        }

        if (MaxSum is < 1 or > 4_000_000_000)
        {
            yield return $"Requests:MaxSum is {MaxSum}; it takes 1 to 4000000000.";
        }
    }
}
