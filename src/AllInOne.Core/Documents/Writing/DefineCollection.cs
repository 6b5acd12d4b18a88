using AllInOne.Core.Documents.Engine;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Values;

namespace AllInOne.Core.Documents.Writing;

/// <summary>
/// Creates a collection, or changes its definition, with its table and its indexes. Building an index takes about a second for each million documents
/// of the collection. During this time other writes to this file wait in the queue.
/// </summary>
/// <param name="definition">The definition; null keeps the present one, or creates the collection without settings.</param>
internal sealed class DefineCollection(
    CollectionName name, CollectionDefinition? definition, int most, DateTimeOffset now, Action<DefineOutcome> committed)
    : AnsweredWrite<IDocumentSession, DefineOutcome>(committed)
{
    public override void Apply(IDocumentSession session)
    {
        var there = session.Find(name);
        if (there is null && session.CountCollections() >= most)
        {
            Outcome = new DefineOutcome(null, false);
            return;
        }

        var collection = there is null ? session.Create(name, definition ?? CollectionDefinition.Plain, now)
            : definition is not null ? session.Redefine(there, definition, now)
            : there;
        Outcome = new DefineOutcome(collection, there is null);
    }
}

/// <param name="Collection">The collection; null if the maximum number of collections is reached.</param>
internal sealed record DefineOutcome(Collection? Collection, bool Created);

/// <summary>Deletes a collection with all its documents.</summary>
internal sealed class DropCollection(CollectionName name, Action<DropOutcome> committed) : AnsweredWrite<IDocumentSession, DropOutcome>(committed)
{
    public override void Apply(IDocumentSession session)
    {
        var there = session.Find(name);
        if (there is not null)
        {
            session.Drop(there);
        }

        Outcome = new DropOutcome(there);
    }
}

/// <param name="Gone">The deleted collection; null if it did not exist.</param>
internal sealed record DropOutcome(Collection? Gone);
