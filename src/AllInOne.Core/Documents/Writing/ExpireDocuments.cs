using AllInOne.Core.Documents.Engine;

namespace AllInOne.Core.Documents.Writing;

/// <summary>
/// Deletes the documents whose last change is older than the retention of the collection, the oldest first. It deletes at most a limited number, so
/// that the transaction stays short.
/// </summary>
internal sealed class ExpireDocuments(Collection collection, DateTimeOffset now, int limit, Action<ExpireOutcome> committed)
    : CollectionWrite<ExpireOutcome>(collection, committed)
{
    public override int Rows => 0;

    protected override ExpireOutcome Execute(IDocumentSession session)
    {
        if (session.Find(Collection.Name)?.Definition.Retention is not { } kept)
        {
            return new ExpireOutcome([]);
        }

        var before = now - (kept < CollectionDefinition.LongestRetention ? kept : CollectionDefinition.LongestRetention);
        return new ExpireOutcome(session.Expire(Collection, before, limit));
    }
}

internal sealed record ExpireOutcome(IReadOnlyList<DocumentChange.Deleted> Gone);
