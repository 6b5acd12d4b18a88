using AllInOne.Core.Values.Options;

namespace AllInOne.Core.Faults;

/// <summary>The options of injected faults (section <c>Faults</c>).</summary>
public sealed class FaultsOptions
{
    /// <summary>Whether faults can be injected: enables <c>/api/system/faults</c> and starts <c>/user/faults</c>.</summary>
    public bool Enabled { get; set; }

    /// <summary>The maximum number of current faults, including stopped faults that still block their thread.</summary>
    [Allowed(1, 1000)]
    public int MaxCount { get; set; } = 100;

    /// <summary>The maximum duration of a fault.</summary>
    [Allowed("00:00:01", "01:00:00")]
    public TimeSpan MaxDuration { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The maximum number of bytes that all leaks together may hold.</summary>
    [Allowed(1L << 20, 1L << 36)]
    public long MaxLeakBytes { get; set; } = 256 * 1024 * 1024;
}
