BEGIN TRANSACTION;
CREATE TABLE committed (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    batch INTEGER NOT NULL      -- the number of the last one
) STRICT;
INSERT INTO "committed" VALUES(1,5);
CREATE TABLE keys (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    expires INTEGER,            -- microseconds since 1970, null for never
    value TEXT NOT NULL         -- JSON
) STRICT;
INSERT INTO "keys" VALUES(1,'session',1795946450966326,1795950052113871,'{"user":"ann"}');
INSERT INTO "keys" VALUES(2,'plain',1795946450966326,NULL,'7');
INSERT INTO "keys" VALUES(3,'queue',1795946450966328,NULL,'["a","b","c"]');
INSERT INTO "keys" VALUES(4,'lock/door',1795946450966327,1795950052319562,'{"Token":"86b2451ec7686d35790d4b59c2c768d5","Fencing":1795946450966327}');
COMMIT;
PRAGMA user_version = 1;
