
namespace AllInOne.Core.Documents.Sqlite;

/// <summary>
/// The statements of one collection. The name of its table contains only a number that the server has assigned, never text of a client.
/// </summary>
internal sealed class DocumentSql(long number)
{
    /// <summary>The statements of a collection. They are made once for each collection, because prepared statements are kept by the identity of their text.</summary>
    public static DocumentSql Of(Collection collection) => (DocumentSql)collection.Engine;

    public string Table { get; } = $"documents_{number}";

    public string CreateTable { get; } =
        $"""
        CREATE TABLE IF NOT EXISTS documents_{number} (
            id TEXT PRIMARY KEY, version INTEGER NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL, data TEXT NOT NULL) STRICT
        """;

    public string Find { get; } = $"SELECT version, created, updated, data FROM documents_{number} WHERE id = ?1";

    public string Row { get; } = $"SELECT id, version, created, updated, data FROM documents_{number} WHERE rowid = ?1";

    public string Head { get; } = $"SELECT version, created, updated FROM documents_{number} WHERE id = ?1";

    /// <summary>Inserts a document. Its first version is above all versions of deleted documents, so an old ETag never matches again.</summary>
    public string Insert { get; } =
        $"""
        INSERT INTO documents_{number} (id, version, created, updated, data)
        VALUES (?1, (SELECT floor + 1 FROM collections WHERE number = {number}), ?2, ?2, ?3) RETURNING version
        """;

    public string Update { get; } = $"UPDATE documents_{number} SET version = ?2, updated = ?3, data = ?4 WHERE id = ?1";

    public string Delete { get; } = $"DELETE FROM documents_{number} WHERE id = ?1";

    public string RaiseFloor { get; } = $"UPDATE collections SET floor = max(floor, ?1) WHERE number = {number}";

    public string RaiseVersions { get; } = $"UPDATE documents_{number} SET version = max(version + 1, ?1)";

    public string Expire { get; } =
        $"""
        DELETE FROM documents_{number} WHERE id IN
            (SELECT id FROM documents_{number} WHERE updated < ?1 ORDER BY updated LIMIT ?2)
        RETURNING id, version
        """;

    public string Page { get; } =
        $"SELECT id, version, created, updated, data FROM documents_{number} WHERE id > ?1 ORDER BY id LIMIT ?2";

    public string Count { get; } = $"SELECT count(*) FROM documents_{number}";
}
