using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Documents.Writing;

/// <summary>A write to a collection. Its outcome is null if the collection was deleted before; then nothing was written.</summary>
internal abstract class CollectionWrite<T>(Collection collection, Action<T>? committed) : AnsweredWrite<T>(committed)
    where T : class
{
    protected Collection Collection => collection;

    protected DocumentSql Sql => collection.Sql;

    public sealed override void Apply(SqliteSession session) =>
        Outcome = CollectionRows.Exists(session, collection) ? Decide(session) : null;

    protected abstract T Decide(SqliteSession session);
}

/// <summary>The version and the times of a document, as the transaction sees them.</summary>
internal readonly record struct StoredHead(long Version, long Created, long Updated)
{
    public static StoredHead? Of(SqliteSession session, DocumentSql sql, DocumentId id)
    {
        var statement = session[sql.Head].Bind(1, id.Value);
        try
        {
            return statement.Step() ? new StoredHead(statement.Int64(0), statement.Int64(1), statement.Int64(2)) : null;
        }
        finally
        {
            statement.Reset();
        }
    }
}

/// <summary>Writes rows of documents within a transaction.</summary>
internal static class DocumentRows
{
    public static Document Insert(SqliteSession session, DocumentSql sql, DocumentId id, ReadOnlyMemory<byte> data, DateTimeOffset now)
    {
        var statement = session[sql.Insert].Bind(1, id.Value).Bind(2, Microseconds.From(now)).Bind(3, data.Span);
        try
        {
            statement.Step();
            var version = statement.Int64(0);
            statement.Step();
            return new Document(id, version, now, now, data);
        }
        finally
        {
            statement.Reset();
        }
    }

    public static Document Update(
        SqliteSession session, DocumentSql sql, DocumentId id, StoredHead there, ReadOnlyMemory<byte> data, DateTimeOffset now)
    {
        // The time never goes back, even if the wall clock does.
        var updated = Math.Max(Microseconds.From(now), there.Updated);
        session[sql.Update].Bind(1, id.Value).Bind(2, there.Version + 1).Bind(3, updated).Bind(4, data.Span).Run();
        return new Document(id, there.Version + 1, Microseconds.ToTime(there.Created), Microseconds.ToTime(updated), data);
    }

    public static void Delete(SqliteSession session, DocumentSql sql, DocumentId id, long version)
    {
        session[sql.Delete].Bind(1, id.Value).Run();
        session[sql.RaiseFloor].Bind(1, version).Run();
    }
}
