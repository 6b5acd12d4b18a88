using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Values;

namespace AllInOne.Core.Documents.Writing;

internal sealed class DeleteDocument(Collection collection, DocumentId id, VersionCondition condition, Action<DocumentChange> committed)
    : CollectionWrite<DocumentChange>(collection, committed)
{
    protected override DocumentChange Decide(SqliteSession session)
    {
        var there = StoredHead.Of(session, Sql, id);
        if (!condition.Holds(there?.Version))
        {
            return new DocumentChange.ConditionFailed();
        }

        if (there is not { } head)
        {
            return new DocumentChange.NotFound();
        }

        DocumentRows.Delete(session, Sql, id, head.Version);
        return new DocumentChange.Deleted(id, head.Version);
    }
}
