using AllInOne.Core.Storage.Sqlite;
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
    : AnsweredWrite<DefineOutcome>(committed)
{
    public override void Apply(SqliteSession session)
    {
        var there = CollectionRows.Find(session, name);
        if (there is null && CollectionRows.Count(session) >= most)
        {
            Outcome = new DefineOutcome(null, false);
            return;
        }

        var collection = there switch
        {
            null => CollectionRows.Insert(session, name, definition ?? CollectionDefinition.Plain, now),
            _ when definition is not null => CollectionRows.Update(session, there, definition, now),
            _ => there,
        };
        session.Execute(collection.Sql.CreateTable);
        CollectionIndexes.Set(session, collection);
        Outcome = new DefineOutcome(collection, there is null);
    }
}

/// <param name="Collection">The collection; null if the maximum number of collections is reached.</param>
internal sealed record DefineOutcome(Collection? Collection, bool Created);

/// <summary>Deletes a collection with all its documents.</summary>
internal sealed class DropCollection(CollectionName name, Action<DropOutcome> committed) : AnsweredWrite<DropOutcome>(committed)
{
    public override void Apply(SqliteSession session)
    {
        var there = CollectionRows.Find(session, name);
        if (there is not null)
        {
            CollectionRows.Delete(session, there);
            session.Execute($"DROP TABLE {there.Sql.Table}");
        }

        Outcome = new DropOutcome(there);
    }
}

/// <param name="Gone">The deleted collection; null if it did not exist.</param>
internal sealed record DropOutcome(Collection? Gone);
