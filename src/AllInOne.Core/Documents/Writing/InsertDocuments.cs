using AllInOne.Core.Documents.Engine;
using AllInOne.Core.Values;

namespace AllInOne.Core.Documents.Writing;

/// <summary>Stores new documents, all or none. Stores none if one of their ids exists already.</summary>
internal sealed class InsertDocuments(
    Collection collection, IReadOnlyList<(DocumentId Id, ReadOnlyMemory<byte> Data)> documents, DateTimeOffset now, Action<InsertOutcome> committed)
    : CollectionWrite<InsertOutcome>(collection, committed)
{
    public override int Bytes { get; } = documents.Sum(document => document.Data.Length);

    public override int Rows => documents.Count;

    protected override InsertOutcome Execute(IDocumentSession session)
    {
        foreach (var (id, _) in documents)
        {
            if (session.Head(Collection, id) is not null)
            {
                return new InsertOutcome([], id);
            }
        }

        return new InsertOutcome([.. documents.Select(document => session.Insert(Collection, document.Id, document.Data, now))], null);
    }
}

/// <param name="Taken">The id that exists already; then nothing is stored. Otherwise null.</param>
internal sealed record InsertOutcome(IReadOnlyList<Document> Documents, DocumentId? Taken)
{
    public IEnumerable<DocumentChange> Changes => Documents.Select(document => new DocumentChange.Stored(document, Created: true));
}
