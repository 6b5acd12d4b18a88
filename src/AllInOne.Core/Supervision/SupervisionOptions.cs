namespace AllInOne.Core.Supervision;

/// <summary>How the tree brings failed parts back (section <c>Supervision</c>).</summary>
public sealed class SupervisionOptions
{
    /// <summary>Restarts of one child within <see cref="Window"/>; one more and its failure becomes its supervisor's.</summary>
    public int MaxRestarts { get; set; } = 10;

    /// <summary>The time in which restarts are counted.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The delay before the second restart in a window; the first is at once. It doubles with each further one.</summary>
    public TimeSpan MinBackoff { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest delay.</summary>
    public TimeSpan MaxBackoff { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>All that is wrong, one line each.</summary>
    public IEnumerable<string> Validate()
    {
        if (MaxRestarts < 1)
        {
            yield return $"Supervision:MaxRestarts is {MaxRestarts}; it is at least 1";
        }

        if (Window <= TimeSpan.Zero)
        {
            yield return $"Supervision:Window is {Window}; it is longer than zero";
        }

        if (MinBackoff <= TimeSpan.Zero || MaxBackoff < MinBackoff)
        {
            yield return $"Supervision:MinBackoff is {MinBackoff} and Supervision:MaxBackoff {MaxBackoff}; they are longer than zero, the maximum not below the minimum";
        }
    }
}
