using AllInOne.Core.Storage.Sqlite;

namespace AllInOne.Core.Storage;

/// <summary>
/// allinone.db: what was acknowledged survives a loss of power. Each part of the program that keeps something here adds steps of its
/// own at the end; see <see cref="SqliteSchema"/> for what a step may be.
/// </summary>
internal static class MainSchema
{
    public const string FileName = "allinone.db";

    public static SqliteSchema Create() => new(
        // 1: collections. The documents of collection N are in the table documents_N, made together with its row.
        """
        CREATE TABLE collections (
            number INTEGER PRIMARY KEY AUTOINCREMENT,   -- never used twice
            name TEXT NOT NULL,
            created INTEGER NOT NULL,                   -- microseconds since 1970
            updated INTEGER NOT NULL,                   -- of the definition
            definition TEXT NOT NULL,                   -- JSON
            floor INTEGER NOT NULL,                     -- the greatest version that a deleted document had: new ones begin above it
            deleted INTEGER NOT NULL DEFAULT 0          -- kept for its floor; the table is gone
        ) STRICT;
        CREATE UNIQUE INDEX collections_name ON collections (name) WHERE deleted = 0;
        CREATE INDEX collections_deleted ON collections (name, floor) WHERE deleted = 1;
        """,
        // 2: jobs, their runs, and what is enqueued for them. Times are microseconds since 1970.
        """
        CREATE TABLE jobs (
            id TEXT PRIMARY KEY,
            version INTEGER NOT NULL,
            definition TEXT NOT NULL,                   -- JSON
            created INTEGER NOT NULL,
            updated INTEGER NOT NULL,
            anchor INTEGER NOT NULL,                    -- since when the schedule has held
            planned INTEGER NOT NULL,                   -- times up to this one are done with
            paused INTEGER NOT NULL,
            built_in INTEGER NOT NULL                   -- from the configuration
        ) STRICT;
        CREATE TABLE runs (
            id INTEGER PRIMARY KEY,
            job TEXT NOT NULL,                          -- which may be gone
            cause INTEGER NOT NULL,                     -- RunCause
            outcome INTEGER,                            -- RunOutcome; null while it goes on
            planned INTEGER,                            -- the time that it is for
            started INTEGER NOT NULL,
            ended INTEGER,
            attempt INTEGER NOT NULL,
            trace TEXT NOT NULL,
            item INTEGER,                               -- of the queue
            retry INTEGER,                              -- when it is tried again, by the file's steady clock, until it is
            output TEXT,
            error TEXT
        ) STRICT;
        CREATE INDEX runs_job ON runs (job, id);
        CREATE INDEX runs_open ON runs (id) WHERE outcome IS NULL;
        CREATE INDEX runs_retry ON runs (retry) WHERE retry IS NOT NULL;
        CREATE INDEX runs_bad ON runs (outcome, id) WHERE outcome > 0;
        CREATE TABLE queue (
            id INTEGER PRIMARY KEY AUTOINCREMENT,       -- never used twice
            job TEXT NOT NULL,
            key TEXT,
            parameters TEXT NOT NULL,                   -- JSON; empty for none
            enqueued INTEGER NOT NULL,
            due INTEGER NOT NULL,                       -- by the file's steady clock
            attempt INTEGER NOT NULL,
            error TEXT,
            dead INTEGER NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX queue_key ON queue (job, key) WHERE key IS NOT NULL;
        CREATE INDEX queue_job ON queue (job, dead, id);
        """,
        // 3: runs that were asked for and wait for another one of their job to end.
        """
        ALTER TABLE jobs ADD COLUMN asked INTEGER NOT NULL DEFAULT 0;
        """);
}
