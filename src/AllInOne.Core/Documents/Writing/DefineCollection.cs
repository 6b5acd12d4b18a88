using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Values;

namespace AllInOne.Core.Documents.Writing;

/// <summary>
/// Makes a collection, or gives it another definition: its table and its indexes follow. To build an index on a collection that is full
/// holds up the writes to this file for about a second for each million documents; they wait in the queue.
/// </summary>
/// <param name="definition">Null: whatever there is, or a plain one.</param>
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

/// <param name="Collection">Null: there are as many as there may be.</param>
internal sealed record DefineOutcome(Collection? Collection, bool Created);

/// <summary>Deletes a collection with all that is in it.</summary>
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

/// <param name="Gone">Null: it was not there.</param>
internal sealed record DropOutcome(Collection? Gone);
