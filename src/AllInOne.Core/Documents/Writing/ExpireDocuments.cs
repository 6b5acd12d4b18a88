using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Documents.Writing;

/// <summary>
/// Deletes the documents whose last change is older than the retention of the collection, the oldest first. It deletes at most a limited number, so
/// that the transaction stays short.
/// </summary>
internal sealed class ExpireDocuments(Collection collection, DateTimeOffset now, int limit, Action<ExpireOutcome> committed)
    : CollectionWrite<ExpireOutcome>(collection, committed)
{
    public override int Rows => 0;

    protected override ExpireOutcome Decide(SqliteSession session)
    {
        if (CollectionRows.Find(session, Collection.Name)?.Definition.Retention is not { } kept)
        {
            return new ExpireOutcome([]);
        }

        var before = now - (kept < CollectionDefinition.LongestRetention ? kept : CollectionDefinition.LongestRetention);
        var gone = session[Sql.Expire].Bind(1, Microseconds.From(before)).Bind(2, limit)
            .Rows(row => new DocumentChange.Deleted(DocumentId.Stored(row.Text(0)), row.Int64(1)));
        if (gone.Count > 0)
        {
            session[Sql.RaiseFloor].Bind(1, gone.Max(document => document.Version)).Run();
        }

        return new ExpireOutcome(gone);
    }
}

internal sealed record ExpireOutcome(IReadOnlyList<DocumentChange.Deleted> Gone);
