using AllInOne.Core.Values.Options;

namespace AllInOne.Core.Supervision;

/// <summary>The options of the restarts of failed actors (section <c>Supervision</c>).</summary>
public sealed class SupervisionOptions
{
    /// <summary>The maximum number of restarts of one child within <see cref="Window"/>. A further failure is escalated.</summary>
    [Allowed(1)]
    public int MaxRestarts { get; set; } = 10;

    /// <summary>The time in which restarts are counted.</summary>
    [Allowed("00:00:00.001")]
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The delay before the second restart in a window; the first is immediate. It doubles with each further restart.</summary>
    [Allowed("00:00:00.001")]
    public TimeSpan MinBackoff { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest delay.</summary>
    [Allowed(nameof(MinBackoff))]
    public TimeSpan MaxBackoff { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The same delays without a limit: a failure of a child is never escalated.</summary>
    internal SupervisionOptions WithoutLimit => new() { MaxRestarts = int.MaxValue, Window = Window, MinBackoff = MinBackoff, MaxBackoff = MaxBackoff };
}
