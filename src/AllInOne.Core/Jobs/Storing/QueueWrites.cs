using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;

namespace AllInOne.Core.Jobs.Storing;

/// <summary>Puts an item into the queue of a job.</summary>
internal sealed class EnqueueItem(QueueItem item, Action<Enqueued> committed) : AnsweredWrite<SqliteSession, Enqueued>(committed)
{
    public override int Bytes => item.Parameters.Length + 64;

    public override void Apply(SqliteSession session) => Outcome = QueueRows.Insert(session, item) is { } id
        ? new Enqueued(item with { Id = id }, null)
        : new Enqueued(null, item.Key is { } key ? QueueRows.Find(session, item.Job, key) : null);
}

/// <summary>The result of adding an item to a queue.</summary>
/// <param name="Item">The stored item; null if it was not stored.</param>
/// <param name="Taken">The id of the existing item with the same key. If both members are null, the job does not exist.</param>
internal sealed record Enqueued(QueueItem? Item, long? Taken);

/// <summary>Retries or deletes dead items. One transaction handles a limited number of items, fewer if they are large.</summary>
/// <param name="id">The id of one item; null for all.</param>
/// <param name="after">If all items are handled: only items with a greater id.</param>
internal sealed class SettleDead(JobId job, long? id, long after, bool retry, DateTimeOffset now, int most, Action<SettledDead> committed)
    : AnsweredWrite<SqliteSession, SettledDead>(committed)
{
    public override void Apply(SqliteSession session)
    {
        var (dead, isLast) = id is { } one
            ? (QueueRows.Dead(session, job, one) is { } found ? [found] : [], true)
            : QueueRows.List(session, job, dead: true, after, most, hold: null);
        var settled = new List<QueueItem>();
        foreach (var item in dead)
        {
            var again = item with { Due = now, Attempt = 1, IsDead = false };
            settled.Add(again);
            if (retry)
            {
                QueueRows.Update(session, again);
            }
            else
            {
                QueueRows.Delete(session, item.Id);
            }
        }

        Outcome = new SettledDead(settled, retry, isLast);
    }
}

/// <summary>Deletes the oldest dead items of a job beyond the limit; one transaction deletes a limited number.</summary>
/// <param name="answer">Called with the deleted items, or with null if the write was refused.</param>
internal sealed class DiscardDead(JobId job, int kept, int most, Action<SettledDead?> answer) : WriteOperation<SqliteSession>(default)
{
    private SettledDead? _discarded;

    public override void Apply(SqliteSession session)
    {
        var beyond = QueueRows.DeadBeyond(session, job, kept, most);
        foreach (var item in beyond)
        {
            QueueRows.Delete(session, item.Id);
        }

        _discarded = new SettledDead(beyond, false, true);
    }

    public override void Answer() => answer(_discarded);

    public override void Refuse(string reason) => answer(null);
}

/// <summary>The result of retrying or deleting dead items.</summary>
/// <param name="Retried">Whether the items wait again; otherwise they are deleted.</param>
/// <param name="IsLast">Whether no more items are left.</param>
internal sealed record SettledDead(IReadOnlyList<QueueItem> Items, bool Retried, bool IsLast);
