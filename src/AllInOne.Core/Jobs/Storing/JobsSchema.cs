namespace AllInOne.Core.Jobs.Storing;

/// <summary>The tables of the jobs in allinone.db.</summary>
internal static class JobsSchema
{
    /// <summary>Jobs, their runs, and the items of their queues. Times are microseconds since 1970.</summary>
    public const string Tables =
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
        """;

    /// <summary>Runs that were requested and wait for another run of their job to end.</summary>
    public const string Asked =
        """
        ALTER TABLE jobs ADD COLUMN asked INTEGER NOT NULL DEFAULT 0;
        """;
}
