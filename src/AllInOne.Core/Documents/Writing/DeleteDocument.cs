using AllInOne.Core.Documents.Engine;
using AllInOne.Core.Values;

namespace AllInOne.Core.Documents.Writing;

internal sealed class DeleteDocument(Collection collection, DocumentId id, VersionCondition condition, Action<DocumentChange> committed)
    : CollectionWrite<DocumentChange>(collection, committed)
{
    protected override DocumentChange Execute(IDocumentSession session)
    {
        var there = session.Head(Collection, id);
        if (!condition.Holds(there?.Version))
        {
            return new DocumentChange.ConditionFailed();
        }

        if (there is not { } head)
        {
            return new DocumentChange.NotFound();
        }

        session.Delete(Collection, id, head.Version);
        return new DocumentChange.Deleted(id, head.Version);
    }
}
