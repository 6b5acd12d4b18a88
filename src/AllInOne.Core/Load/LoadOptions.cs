using AllInOne.Core.Values.Options;

namespace AllInOne.Core.Load;

/// <summary>The options of the load generator (section <c>Load</c>).</summary>
public sealed class LoadOptions
{
    /// <summary>The maximum number of workers that a client may request.</summary>
    [Allowed(1, 1_000_000)]
    public int MaxWorkers { get; set; } = 1_000_000;
}
