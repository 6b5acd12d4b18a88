using System.Diagnostics;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;

namespace AllInOne.Core.Backups;

/// <summary>
/// Snapshots of all database files at one moment: every writer stands still between two batches while a read transaction is opened on each file. The
/// set contains everything that was acknowledged before this moment, and nothing that was begun after it, in all files.
/// </summary>
internal sealed class SnapshotSet : IDisposable
{
    private readonly List<SqliteSnapshot> _files = [];

    private SnapshotSet()
    {
    }

    public IReadOnlyList<SqliteSnapshot> Files => _files;

    /// <param name="files">The files.</param>
    /// <param name="writers">The writers of these files; empty if no server runs.</param>
    /// <param name="limit">How long it may take until all writers stand still.</param>
    /// <exception cref="BackupException">A writer took longer.</exception>
    public static SnapshotSet Take(IReadOnlyList<SqliteFile> files, IReadOnlyList<FileWriter> writers, TimeSpan limit)
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

    // Writers are stopped in the order of the list, and no other code stops two writers, so this cannot cause a deadlock.
    private static void WhileAllStandStill(IEnumerable<FileWriter> writers, TimeSpan limit, Stopwatch waited, Action work)
    {
        if (writers.FirstOrDefault() is not { } writer)
        {
            work();
            return;
        }

        var left = limit - waited.Elapsed;
        if (!writer.TryStandStill(left > TimeSpan.Zero ? left : TimeSpan.Zero, () => WhileAllStandStill(writers.Skip(1), limit, waited, work)))
        {
            throw new BackupException($"the writer of {writer.Name} has not come to the end of its batch within {limit}");
        }
    }
}
