using AllInOne.Core.Storage.Sqlite;

namespace AllInOne.Core.Events.History;

/// <summary>
/// The schema of history.db. An index by topic that is updated with each row would touch one page per entity and batch, and cost three
/// quarters of the speed. So the index <c>history</c> is filled in stretches (<see cref="IndexHistory"/>), up to the
/// seq <c>indexed</c>. Later events are scanned.
/// </summary>
internal static class HistorySchema
{
    /// <summary>The name of the file in the data directory.</summary>
    public static SqliteFile File(string directory) => new(Path.Combine(directory, HistoryStore.FileName), Create(), Durability.Normal);

    private static SqliteSchema Create() => new(
        """
        CREATE TABLE events (
            seq INTEGER PRIMARY KEY,
            time INTEGER NOT NULL,      -- microseconds since 1970
            topic TEXT NOT NULL,
            type TEXT NOT NULL,
            version INTEGER NOT NULL,
            state TEXT,                 -- JSON
            number REAL,                -- the state, where it is a number
            data TEXT NOT NULL          -- JSON
        ) STRICT;
        CREATE TABLE topics (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE history (
            topic INTEGER NOT NULL,
            time INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            PRIMARY KEY (topic, time, seq)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE entities (
            id TEXT PRIMARY KEY,
            version INTEGER NOT NULL,
            data TEXT NOT NULL          -- JSON
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        INSERT INTO meta VALUES
            ('indexed', 0),             -- the last seq that history covers
            ('floor', 0);               -- the last seq that was deleted for its age
        """);
}
