using AllInOne.Core.Events.History;
using AllInOne.Core.State.Storing;
using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Sqlite;

namespace AllInOne.Core.Data;

/// <summary>
/// The list of all database files of this program, for code that handles all of them with or without a running server.
/// </summary>
internal static class DataFiles
{
    public static IReadOnlyList<SqliteFile> In(string directory) => [Main(directory), History(directory), State(directory)];

    public static SqliteFile Main(string directory) => new(Path.Combine(directory, MainSchema.FileName), MainSchema.Create(), Durability.Full);

    public static SqliteFile History(string directory) => HistorySchema.File(directory);

    public static SqliteFile State(string directory) => StateSchema.File(directory);

    /// <summary>Completes the rescues of a process that died. Call it before any other use of the files.</summary>
    /// <exception cref="StorageException">A file cannot be used. The message is one line that names the file.</exception>
    public static void EndRescues(string directory)
    {
        foreach (var file in In(directory))
        {
            SqliteRescue.EndAbandoned(file);
        }
    }

    /// <summary>
    /// Checks all files before any of them is changed, and refuses a file that cannot be used: see <see cref="SqliteFile.Check"/>. An empty file may
    /// come from a first start that was killed before it wrote the header. So an empty file is refused only after a start has created all files.
    /// </summary>
    /// <returns>The files that are too large, so not all of their pages were examined.</returns>
    /// <exception cref="StorageException">A file cannot be used. The message is one line that names the file, the fault and the remedy.</exception>
    public static IReadOnlyList<SqliteFile> CheckAll(string directory, StorageOptions options)
    {
        var files = In(directory);
        List<SqliteFile> large = [.. files.Where(file => !file.Check(options.CheckBytes))];
        if (files.FirstOrDefault(file => file.Exists && file.IsEmpty) is { } empty && files.Any(file => file.HasCommits()))
        {
            throw SqliteFault.Lost(empty.Path, "is empty, though the data directory has been used before");
        }

        return large;
    }
}
