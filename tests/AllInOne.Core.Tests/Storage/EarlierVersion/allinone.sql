BEGIN TRANSACTION;
CREATE TABLE collections (
    number INTEGER PRIMARY KEY AUTOINCREMENT,   -- never used twice
    name TEXT NOT NULL,
    created INTEGER NOT NULL,                   -- microseconds since 1970
    updated INTEGER NOT NULL,                   -- of the definition
    definition TEXT NOT NULL,                   -- JSON
    floor INTEGER NOT NULL,                     -- the greatest version that a deleted document had: new ones begin above it
    deleted INTEGER NOT NULL DEFAULT 0          -- kept for its floor; the table is gone
) STRICT;
CREATE TABLE committed (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    batch INTEGER NOT NULL      -- the number of the last one
) STRICT;
INSERT INTO "committed" VALUES(1,8);
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
, asked INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO "jobs" VALUES('run-retention',1795946451060663,'{"schedule":{"every":"PT5M"},"action":{"type":"retention","of":"runs"},"timeout":null,"retry":{"attempts":3,"backoff":"PT1M"},"misfire":"runOnce","overlap":"skip","concurrency":1,"enabled":true,"description":"Deletes records of runs beyond Jobs:RunRetention and Jobs:RunsKept.","tags":[]}',1795946451060721,1795946451060721,1795946451060721,1795946451060721,0,1,0);
INSERT INTO "jobs" VALUES('history-retention',1795946451114446,'{"schedule":{"every":"PT5M"},"action":{"type":"retention","of":"history"},"timeout":null,"retry":{"attempts":3,"backoff":"PT1M"},"misfire":"runOnce","overlap":"skip","concurrency":1,"enabled":true,"description":"Deletes events older than History:Retention.","tags":[]}',1795946451114450,1795946451114450,1795946451114450,1795946451114450,0,1,0);
INSERT INTO "jobs" VALUES('hourly',1795946452362745,'{"schedule":{"cron":"0 * * * *"},"action":{"type":"none"},"timeout":null,"retry":{"attempts":1,"backoff":"PT10S"},"misfire":"runOnce","overlap":"skip","concurrency":1,"enabled":true,"description":null,"tags":[]}',1795946452362748,1795946452362748,1795946452362748,1795946452362748,0,0,0);
INSERT INTO "jobs" VALUES('mail',1795946452579292,'{"schedule":null,"action":{"type":"none"},"timeout":null,"retry":{"attempts":1,"backoff":"PT10S"},"misfire":"runOnce","overlap":"skip","concurrency":1,"enabled":true,"description":null,"tags":[]}',1795946452579297,1795946452579297,1795946452579297,1795946452579297,0,0,0);
INSERT INTO "jobs" VALUES('failing',1795946452603841,'{"schedule":null,"action":{"type":"state","op":"increment","key":"session","by":1},"timeout":null,"retry":{"attempts":2,"backoff":"PT1H"},"misfire":"runOnce","overlap":"skip","concurrency":1,"enabled":true,"description":null,"tags":[]}',1795946452603843,1795946452603843,1795946452603843,1795946452603843,0,0,0);
CREATE TABLE queue (
    id INTEGER PRIMARY KEY AUTOINCREMENT,       -- never used twice
    job TEXT NOT NULL,
    key TEXT,
    parameters TEXT NOT NULL,                   -- JSON; empty for none
    enqueued INTEGER NOT NULL,
    due INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    error TEXT,
    dead INTEGER NOT NULL
) STRICT;
INSERT INTO "queue" VALUES(1,'mail','welcome','{"to":"ann"}',1795946452638494,1795950052638494,1,NULL,0);
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
    retry INTEGER,                              -- when it is tried again, until it is
    output TEXT,
    error TEXT
) STRICT;
INSERT INTO "runs" VALUES(1795946452673833,'failing',1,1,NULL,1795946452673833,1795946452695356,1,'d43b4a99750873333a0e88b49ed58806',NULL,1795949265587425,NULL,'The key session was not changed: the value is no number.');
CREATE UNIQUE INDEX collections_name ON collections (name) WHERE deleted = 0;
CREATE INDEX collections_deleted ON collections (name, floor) WHERE deleted = 1;
CREATE INDEX runs_job ON runs (job, id);
CREATE INDEX runs_open ON runs (id) WHERE outcome IS NULL;
CREATE INDEX runs_retry ON runs (retry) WHERE retry IS NOT NULL;
CREATE INDEX runs_bad ON runs (outcome, id) WHERE outcome > 0;
CREATE UNIQUE INDEX queue_key ON queue (job, key) WHERE key IS NOT NULL;
CREATE INDEX queue_job ON queue (job, dead, id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('queue',1);
COMMIT;
PRAGMA user_version = 3;
