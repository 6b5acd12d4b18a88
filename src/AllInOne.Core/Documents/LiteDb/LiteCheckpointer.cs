using AllInOne.Core.Documents.LiteDb.Files;
using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Writing;

namespace AllInOne.Core.Documents.LiteDb;

/// <summary>
/// The checkpoints of a LiteDB file. LiteDB copies its log only while nothing else uses the file, so the writer does all of it between two batches.
/// </summary>
internal sealed class LiteCheckpointer(LiteFile file, StorageOptions options) : ICheckpointer
{
    private const int QuietPart = 8;

    private long _count;
    private double _longestMs;

    public long Count => Interlocked.Read(ref _count);

    public double LongestMs => Volatile.Read(ref _longestMs);

    public long LogBytes => file.Log.UsedBytes;

    /// <summary>Always 0: no reader needs an older state.</summary>
    public long HeldBytes => 0;

    public bool IsOverdue => IsDue(quiet: false);

    public bool IsDue(bool quiet) => LogBytes >= options.CheckpointBytes / (quiet ? QuietPart : 1);

    public void Open()
    {
    }

    public (bool IsLeft, StorageException? Fault) Run() => (true, null);

    public bool NeedsWriter(bool isLeft, bool isWriterIdle) => true;

    /// <summary>Counts a checkpoint that the writer has made.</summary>
    public void Finished(TimeSpan elapsed)
    {
        Interlocked.Increment(ref _count);
        _longestMs = Math.Max(_longestMs, elapsed.TotalMilliseconds);
    }
}
