using System.Diagnostics;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;

namespace AllInOne.Core.Backups;

/// <summary>
/// One moment of all database files together: every writer stands still between two batches while a read transaction is opened on each
/// file. What was acknowledged before that moment is in it, what was begun after it is not, whichever files it is in.
/// </summary>
internal sealed class SnapshotSet : IDisposable
{
    private readonly List<SqliteSnapshot> _files = [];

    private SnapshotSet()
    {
    }

    public IReadOnlyList<SqliteSnapshot> Files => _files;

    /// <param name="files">The files.</param>
    /// <param name="writers">Their writers; none where no server runs.</param>
    /// <param name="limit">How long the writers may take to stand still.</param>
    /// <exception cref="BackupException">A writer took longer.</exception>
    public static SnapshotSet Take(IReadOnlyList<SqliteFile> files, IReadOnlyList<SqliteWriter> writers, TimeSpan limit)
    {
        var set = new SnapshotSet();
        try
        {
            // Open the connections first, so that the writers do not wait for this.
            set._files.AddRange(files.Select(file => new SqliteSnapshot(file)));
            WhileAllStandStill(writers, limit, Stopwatch.StartNew(), () => set._files.ForEach(file => file.Take()));
            return set;
        }
        catch
        {
            set.Dispose();
            throw;
        }
    }

    public void Dispose() => _files.ForEach(file => file.Dispose());

    // Always in the order of the list, and nothing else stops two writers: so this cannot wait in a circle.
    private static void WhileAllStandStill(IEnumerable<SqliteWriter> writers, TimeSpan limit, Stopwatch waited, Action work)
    {
        if (writers.FirstOrDefault() is not { } writer)
        {
            work();
            return;
        }

        var left = limit - waited.Elapsed;
        if (!writer.TryStandStill(left > TimeSpan.Zero ? left : TimeSpan.Zero, () => WhileAllStandStill(writers.Skip(1), limit, waited, work)))
        {
            throw new BackupException($"the writer of {writer.File.Name} has not come to the end of its batch within {limit}");
        }
    }
}
