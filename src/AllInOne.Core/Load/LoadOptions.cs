namespace AllInOne.Core.Load;

/// <summary>The load generator: section <c>Load</c>.</summary>
public sealed class LoadOptions
{
    public const string Section = "Load";

    /// <summary>How many workers may be asked for. 1 to 1,000,000.</summary>
    public int MaxWorkers { get; set; } = 1_000_000;

    /// <summary>Every problem, one sentence each; none when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        if (MaxWorkers is < 1 or > 1_000_000)
        {
            yield return $"Load:MaxWorkers is {MaxWorkers}; it takes 1 to 1000000.";
        }
    }
}
