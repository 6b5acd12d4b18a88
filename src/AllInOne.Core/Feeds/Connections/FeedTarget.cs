using AllInOne.Core.Entities.Snapshots;
using AllInOne.Core.Storage;

namespace AllInOne.Core.Feeds.Connections;

/// <summary>The receiver of the reports, and whether storage has room for them. No call waits.</summary>
/// <param name="Limits">The limits of one report. A report beyond them is a bad element.</param>
internal sealed record FeedTarget(
    Action<EntityReport, Receipt> Report, Func<bool> HasRoom, Func<CancellationToken, Task> WaitForRoom, EntityLimits Limits);
