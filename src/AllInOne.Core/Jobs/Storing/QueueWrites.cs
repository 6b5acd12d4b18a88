using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;

namespace AllInOne.Core.Jobs.Storing;

/// <summary>Puts an item into the queue of a job.</summary>
internal sealed class EnqueueItem(QueueItem item, Action<Enqueued> committed) : AnsweredWrite<Enqueued>(committed)
{
    public override int Bytes => item.Parameters.Length + 64;

    public override void Apply(SqliteSession session) => Outcome = QueueRows.Insert(session, item) is { } id
        ? new Enqueued(item with { Id = id }, null)
        : new Enqueued(null, item.Key is { } key ? QueueRows.Find(session, item.Job, key) : null);
}

/// <param name="Item">As it is stored; null when it is not.</param>
/// <param name="Taken">The item that has its key already; null, with no item either: the job is gone.</param>
internal sealed record Enqueued(QueueItem? Item, long? Taken);

/// <summary>Takes dead items back into the queue, or deletes them; at most so many in one transaction.</summary>
/// <param name="id">One; null for all.</param>
internal sealed class SettleDead(string job, long? id, bool retry, DateTimeOffset now, int most, Action<SettledDead> committed) : AnsweredWrite<SettledDead>(committed)
{
    public override void Apply(SqliteSession session)
    {
        IReadOnlyList<QueueItem> dead = id is { } one
            ? QueueRows.Dead(session, job, one) is { } found ? [found] : []
            : QueueRows.List(session, job, dead: true, 0, most);
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

        Outcome = new SettledDead(settled, retry);
    }
}

/// <param name="Retried">They wait again; else they are gone.</param>
internal sealed record SettledDead(IReadOnlyList<QueueItem> Items, bool Retried);
