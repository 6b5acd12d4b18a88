BEGIN TRANSACTION;
CREATE TABLE committed (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    batch INTEGER NOT NULL      -- the number of the last one
) STRICT;
INSERT INTO "committed" VALUES(1,9);
CREATE TABLE entities (
    id TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    data TEXT NOT NULL          -- JSON
) STRICT, WITHOUT ROWID;
INSERT INTO "entities" VALUES('light.hall',1,'{"id":"light.hall","state":"on","attributes":{},"name":null,"area":null,"unit":null,"class":null,"virtual":false,"available":true,"version":1,"changed":"2026-11-29T10:00:52.708885Z","updated":"2026-11-29T10:00:52.708885Z"}');
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
INSERT INTO "events" VALUES(1795946450870339,1795946451110484,'jobs/run-retention','created',0,NULL,NULL,'{"id":"run-retention","schedule":{"every":"PT5M"},"action":{"type":"retention","of":"runs"},"timeout":null,"retry":{"attempts":3,"backoff":"PT1M"},"misfire":"runOnce","overlap":"skip","concurrency":1,"enabled":true,"description":"Deletes records of runs beyond Jobs:RunRetention and Jobs:RunsKept.","tags":[],"paused":false,"builtIn":true,"version":1795946451060663,"created":"2026-11-29T10:00:51.060721Z","updated":"2026-11-29T10:00:51.060721Z","next":"2026-11-29T10:05:51.060721Z"}');
INSERT INTO "events" VALUES(1795946450870340,1795946451118919,'jobs/history-retention','created',0,NULL,NULL,'{"id":"history-retention","schedule":{"every":"PT5M"},"action":{"type":"retention","of":"history"},"timeout":null,"retry":{"attempts":3,"backoff":"PT1M"},"misfire":"runOnce","overlap":"skip","concurrency":1,"enabled":true,"description":"Deletes events older than History:Retention.","tags":[],"paused":false,"builtIn":true,"version":1795946451114446,"created":"2026-11-29T10:00:51.11445Z","updated":"2026-11-29T10:00:51.11445Z","next":"2026-11-29T10:05:51.11445Z"}');
INSERT INTO "events" VALUES(1795946450870341,1795946452370642,'jobs/hourly','created',0,NULL,NULL,'{"id":"hourly","schedule":{"cron":"0 * * * *"},"action":{"type":"none"},"timeout":null,"retry":{"attempts":1,"backoff":"PT10S"},"misfire":"runOnce","overlap":"skip","concurrency":1,"enabled":true,"description":null,"tags":[],"paused":false,"builtIn":false,"version":1795946452362745,"created":"2026-11-29T10:00:52.362748Z","updated":"2026-11-29T10:00:52.362748Z","next":"2026-11-29T11:00:00Z"}');
INSERT INTO "events" VALUES(1795946450870342,1795946452582463,'jobs/mail','created',0,NULL,NULL,'{"id":"mail","schedule":null,"action":{"type":"none"},"timeout":null,"retry":{"attempts":1,"backoff":"PT10S"},"misfire":"runOnce","overlap":"skip","concurrency":1,"enabled":true,"description":null,"tags":[],"paused":false,"builtIn":false,"version":1795946452579292,"created":"2026-11-29T10:00:52.579297Z","updated":"2026-11-29T10:00:52.579297Z","next":null}');
INSERT INTO "events" VALUES(1795946450870343,1795946452605114,'jobs/failing','created',0,NULL,NULL,'{"id":"failing","schedule":null,"action":{"type":"state","op":"increment","key":"session","by":1},"timeout":null,"retry":{"attempts":2,"backoff":"PT1H"},"misfire":"runOnce","overlap":"skip","concurrency":1,"enabled":true,"description":null,"tags":[],"paused":false,"builtIn":false,"version":1795946452603841,"created":"2026-11-29T10:00:52.603843Z","updated":"2026-11-29T10:00:52.603843Z","next":null}');
INSERT INTO "events" VALUES(1795946450870344,1795946452677396,'jobs/failing','started',0,NULL,NULL,'{"id":1795946452673833,"job":"failing","cause":"manual","outcome":null,"started":"2026-11-29T10:00:52.673833Z","ended":null,"plannedFor":null,"attempt":1,"retry":null,"error":null,"trace":"d43b4a99750873333a0e88b49ed58806"}');
INSERT INTO "events" VALUES(1795946450870345,1795946452695875,'jobs/failing','ended',0,NULL,NULL,'{"id":1795946452673833,"job":"failing","cause":"manual","outcome":"failed","started":"2026-11-29T10:00:52.673833Z","ended":"2026-11-29T10:00:52.695356Z","plannedFor":null,"attempt":1,"retry":"2026-11-29T10:47:45.5874257Z","error":"The key session was not changed: the value is no number.","trace":"d43b4a99750873333a0e88b49ed58806"}');
INSERT INTO "events" VALUES(1795946450870346,1795946452708885,'entities/light.hall','created',1,'"on"',NULL,'{"id":"light.hall","state":"on","attributes":{},"name":null,"area":null,"unit":null,"class":null,"virtual":false,"available":true,"version":1,"changed":"2026-11-29T10:00:52.708885Z","updated":"2026-11-29T10:00:52.708885Z"}');
CREATE TABLE history (
    topic INTEGER NOT NULL,
    time INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (topic, time, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO "meta" VALUES('floor',0);
INSERT INTO "meta" VALUES('indexed',0);
CREATE TABLE topics (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
COMMIT;
PRAGMA user_version = 1;
