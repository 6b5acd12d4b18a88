using AllInOne.Core.Storage.Sqlite;

namespace AllInOne.Core.State.Storing;

/// <summary>
/// The schema of state.db. A row has a number that the server assigns, and there is no index by key, because every key is found in memory. So a write
/// touches one page of one tree, and a restore reads the file from the first page to the last.
/// </summary>
internal static class StateSchema
{
    public const string FileName = "state.db";

    /// <summary>The file in a data directory.</summary>
    public static SqliteFile File(string directory) => new(Path.Combine(directory, FileName), Create(), Durability.Normal);

    private static SqliteSchema Create() => new(
        // 1: keys
        """
        CREATE TABLE keys (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL,
            version INTEGER NOT NULL,
            expires INTEGER,            -- microseconds of the file's steady clock, null for never
            value TEXT NOT NULL         -- JSON
        ) STRICT
        """);
}
