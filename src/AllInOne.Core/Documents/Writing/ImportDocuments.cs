using AllInOne.Core.Documents.Engine;
using AllInOne.Core.Values;

namespace AllInOne.Core.Documents.Writing;

/// <summary>Stores the documents of an import. Each replaces the document with the same id.</summary>
internal sealed class ImportDocuments(
    Collection collection, IReadOnlyList<(DocumentId Id, ReadOnlyMemory<byte> Data)> documents, DateTimeOffset now, Action<ImportOutcome> committed)
    : CollectionWrite<ImportOutcome>(collection, committed)
{
    public override int Bytes { get; } = documents.Sum(document => document.Data.Length);

    public override int Rows => documents.Count;

    protected override ImportOutcome Execute(IDocumentSession session)
    {
        var changes = new List<DocumentChange.Stored>(documents.Count);
        foreach (var (id, data) in documents)
        {
            changes.Add(session.Head(Collection, id) is { } there
                ? new DocumentChange.Stored(session.Update(Collection, id, there, data, now), Created: false)
                : new DocumentChange.Stored(session.Insert(Collection, id, data, now), Created: true));
        }

        return new ImportOutcome(changes);
    }
}

internal sealed record ImportOutcome(IReadOnlyList<DocumentChange.Stored> Changes);
