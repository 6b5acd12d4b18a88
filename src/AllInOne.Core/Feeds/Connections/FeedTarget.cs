using AllInOne.Core.Entities;
using AllInOne.Core.Storage;

namespace AllInOne.Core.Feeds.Connections;

/// <summary>Where reports go, and whether there is room for what they become on the disk. No call waits.</summary>
/// <param name="Limits">What one report may hold; a larger one is a bad element.</param>
internal sealed record FeedTarget(
    Action<EntityReport, Receipt> Report, Func<bool> HasRoom, Func<CancellationToken, Task> WaitForRoom, EntityLimits Limits);
