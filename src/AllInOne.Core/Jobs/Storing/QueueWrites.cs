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

/// <summary>Takes dead items back into the queue, or deletes them; at most so many in one transaction, fewer if they are large.</summary>
/// <param name="id">One; null for all.</param>
/// <param name="after">Of all those with a greater id.</param>
internal sealed class SettleDead(string job, long? id, long after, bool retry, DateTimeOffset now, int most, Action<SettledDead> committed)
    : AnsweredWrite<SettledDead>(committed)
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

/// <summary>Deletes the oldest dead items of a job beyond those that are kept; at most so many in one transaction.</summary>
/// <param name="answer">Null where it was refused.</param>
internal sealed class DiscardDead(string job, int kept, int most, Action<SettledDead?> answer) : WriteOperation(default)
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

/// <param name="Retried">They wait again; else they are gone.</param>
/// <param name="IsLast">There were no more of them.</param>
internal sealed record SettledDead(IReadOnlyList<QueueItem> Items, bool Retried, bool IsLast);
