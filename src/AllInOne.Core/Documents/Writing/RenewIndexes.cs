using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Values;

namespace AllInOne.Core.Documents.Writing;

/// <summary>
/// Brings the indexes of a collection to what this program makes of its definition: queued at start for each that an older one has left
/// behind. Until it has run, queries walk through the collection.
/// </summary>
internal sealed class RenewIndexes(CollectionName name) : WriteOperation(default)
{
    public override int Rows => 0;

    public override void Apply(SqliteSession session)
    {
        if (CollectionRows.Find(session, name) is { } collection)
        {
            CollectionIndexes.Set(session, collection);
        }
    }
}
