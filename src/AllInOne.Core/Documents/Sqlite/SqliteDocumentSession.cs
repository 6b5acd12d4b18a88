using AllInOne.Core.Documents.Engine;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Documents.Sqlite;

/// <summary>Collections and documents within a transaction of allinone.db.</summary>
internal sealed class SqliteDocumentSession(SqliteSession session) : IDocumentSession
{
    public Collection? Find(CollectionName name) => CollectionRows.Find(session, name);

    public long CountCollections() => CollectionRows.Count(session);

    public Collection Create(CollectionName name, CollectionDefinition definition, DateTimeOffset now)
    {
        var collection = CollectionRows.Insert(session, name, definition, now);
        session.Execute(DocumentSql.Of(collection).CreateTable);
        CollectionIndexes.Set(session, collection);
        return collection;
    }

    public Collection Redefine(Collection collection, CollectionDefinition definition, DateTimeOffset now)
    {
        var changed = CollectionRows.Update(session, collection, definition, now);
        CollectionIndexes.Set(session, changed);
        return changed;
    }

    public void RenewIndexes(Collection collection) => CollectionIndexes.Set(session, collection);

    public void Drop(Collection collection)
    {
        CollectionRows.Delete(session, collection);
        session.Execute($"DROP TABLE {DocumentSql.Of(collection).Table}");
    }

    public bool Exists(Collection collection) => CollectionRows.Exists(session, collection);

    public StoredHead? Head(Collection collection, DocumentId id)
    {
        var statement = session[DocumentSql.Of(collection).Head].Bind(1, id.Value);
        try
        {
            return statement.Step() ? new StoredHead(statement.Int64(0), statement.Int64(1), statement.Int64(2)) : null;
        }
        finally
        {
            statement.Reset();
        }
    }

    public ReadOnlyMemory<byte> Data(Collection collection, DocumentId id) =>
        session[DocumentSql.Of(collection).Find].Bind(1, id.Value).Rows(row => row.Utf8(3)).Single();

    public Document Insert(Collection collection, DocumentId id, ReadOnlyMemory<byte> data, DateTimeOffset now)
    {
        var statement = session[DocumentSql.Of(collection).Insert].Bind(1, id.Value).Bind(2, Microseconds.From(now)).Bind(3, data.Span);
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

    public Document Update(Collection collection, DocumentId id, StoredHead head, ReadOnlyMemory<byte> data, DateTimeOffset now)
    {
        // The time never goes back, even if the wall clock does.
        var updated = Math.Max(Microseconds.From(now), head.Updated);
        session[DocumentSql.Of(collection).Update].Bind(1, id.Value).Bind(2, head.Version + 1).Bind(3, updated).Bind(4, data.Span).Run();
        return new Document(id, head.Version + 1, Microseconds.ToTime(head.Created), Microseconds.ToTime(updated), data);
    }

    public void Delete(Collection collection, DocumentId id, long version)
    {
        session[DocumentSql.Of(collection).Delete].Bind(1, id.Value).Run();
        RaiseFloor(collection, version);
    }

    public IReadOnlyList<DocumentChange.Deleted> Expire(Collection collection, DateTimeOffset before, int limit)
    {
        var gone = session[DocumentSql.Of(collection).Expire].Bind(1, Microseconds.From(before)).Bind(2, limit)
            .Rows(row => new DocumentChange.Deleted(DocumentId.Stored(row.Text(0)), row.Int64(1)));
        if (gone.Count > 0)
        {
            RaiseFloor(collection, gone.Max(document => document.Version));
        }

        return gone;
    }

    private void RaiseFloor(Collection collection, long version) => session[DocumentSql.Of(collection).RaiseFloor].Bind(1, version).Run();
}
