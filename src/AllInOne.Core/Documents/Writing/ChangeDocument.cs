using AllInOne.Core.Documents.Engine;
using AllInOne.Core.Values;

namespace AllInOne.Core.Documents.Writing;

/// <summary>Changes a document atomically by a pure function of its content.</summary>
/// <param name="change">Returns the new data, or the reason why the change is refused.</param>
internal sealed class ChangeDocument(
    Collection collection,
    DocumentId id,
    int bytes,
    Func<ReadOnlyMemory<byte>, (ReadOnlyMemory<byte> Data, string? Refused)> change,
    VersionCondition condition,
    DateTimeOffset now,
    Action<DocumentChange> committed)
    : CollectionWrite<DocumentChange>(collection, committed)
{
    public override int Bytes => bytes;

    // Even a small change writes the whole document.
    public override int BytesWritten => Outcome is DocumentChange.Stored stored ? stored.Document.Data.Length : 0;

    protected override DocumentChange Execute(IDocumentSession session)
    {
        if (session.Head(Collection, id) is not { } head)
        {
            return condition.Match is null ? new DocumentChange.NotFound() : new DocumentChange.ConditionFailed();
        }

        if (!condition.Holds(head.Version))
        {
            return new DocumentChange.ConditionFailed();
        }

        var (data, refused) = change(session.Data(Collection, id));
        return refused is null
            ? new DocumentChange.Stored(session.Update(Collection, id, head, data, now), Created: false)
            : new DocumentChange.Refused(refused);
    }
}
