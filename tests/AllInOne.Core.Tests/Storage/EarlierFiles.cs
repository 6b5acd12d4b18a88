using Microsoft.Data.Sqlite;

namespace AllInOne.Core.Tests.Storage;

/// <summary>
/// The database files of an earlier server, which did not yet store the clocks with each commit, as SQL text. It stopped on 29 November 2026 at
/// 10:00:54 UTC. The state has a key and a lock with an hour to live, and a list. There is a job with a schedule, one with a delayed item, and one
/// with a run that waits for its retry.
/// </summary>
internal static class EarlierFiles
{
    /// <summary>Creates the files in a directory.</summary>
    /// <returns>The directory's path.</returns>
    public static string WriteTo(string directory)
    {
        Directory.CreateDirectory(directory);
        foreach (var text in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Storage", "EarlierVersion"), "*.sql"))
        {
            var file = Path.Combine(directory, Path.ChangeExtension(Path.GetFileName(text), ".db"));
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"PRAGMA journal_mode = WAL; {File.ReadAllText(text)}";
            command.ExecuteNonQuery();
        }

        return directory;
    }
}
