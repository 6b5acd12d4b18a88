using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Values;

namespace AllInOne.Core.Documents.Writing;

/// <summary>Creates a document, or replaces all of it.</summary>
internal sealed class ReplaceDocument(
    Collection collection, DocumentId id, ReadOnlyMemory<byte> data, VersionCondition condition, DateTimeOffset now, Action<DocumentChange> committed)
    : CollectionWrite<DocumentChange>(collection, committed)
{
    public override int Bytes => data.Length;

    protected override DocumentChange Decide(SqliteSession session)
    {
        var there = StoredHead.Of(session, Sql, id);
        return !condition.Holds(there?.Version) ? new DocumentChange.ConditionFailed()
            : there is { } old ? new DocumentChange.Stored(DocumentRows.Update(session, Sql, id, old, data, now), Created: false)
            : new DocumentChange.Stored(DocumentRows.Insert(session, Sql, id, data, now), Created: true);
    }
}
