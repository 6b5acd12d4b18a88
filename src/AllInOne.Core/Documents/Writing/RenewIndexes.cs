using AllInOne.Core.Documents.Engine;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Values;

namespace AllInOne.Core.Documents.Writing;

/// <summary>
/// Updates the indexes of a collection to the columns that this program uses for its definition. It is queued at the start for each collection with
/// indexes of an older program. Until it has run, queries read the whole collection.
/// </summary>
internal sealed class RenewIndexes(CollectionName name) : WriteOperation<IDocumentSession>(default)
{
    public override int Rows => 0;

    public override void Apply(IDocumentSession session)
    {
        if (session.Find(name) is { } collection)
        {
            session.RenewIndexes(collection);
        }
    }
}
