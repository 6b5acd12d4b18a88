namespace AllInOne.Core.Documents.Sqlite;

/// <summary>The tables of the collections in allinone.db.</summary>
internal static class CollectionsSchema
{
    /// <summary>Collections. The documents of collection N are in the table documents_N, which is created together with its row.</summary>
    public const string Tables =
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
        """;
}
