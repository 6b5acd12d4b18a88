using AllInOne.Core.Documents.Engine;
using AllInOne.Core.Values;

namespace AllInOne.Core.Documents.Writing;

/// <summary>Creates a document, or replaces all of it.</summary>
internal sealed class ReplaceDocument(
    Collection collection, DocumentId id, ReadOnlyMemory<byte> data, VersionCondition condition, DateTimeOffset now, Action<DocumentChange> committed)
    : CollectionWrite<DocumentChange>(collection, committed)
{
    public override int Bytes => data.Length;

    protected override DocumentChange Execute(IDocumentSession session)
    {
        var there = session.Head(Collection, id);
        return !condition.Holds(there?.Version) ? new DocumentChange.ConditionFailed()
            : there is { } old ? new DocumentChange.Stored(session.Update(Collection, id, old, data, now), Created: false)
            : new DocumentChange.Stored(session.Insert(Collection, id, data, now), Created: true);
    }
}
