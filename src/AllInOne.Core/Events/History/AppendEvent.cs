using Akka.Actor;
using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Events.History;

/// <summary>
/// The write of one event and of the snapshot after it. The sender makes it and sends it to the event log, which sets the number of the entry and
/// queues the write. It never overwrites a stored event, nor a snapshot with an older one.
/// </summary>
/// <param name="row">The snapshot; null if the event does not belong to an entity.</param>
/// <param name="receipt">The receipt that is answered after the commit.</param>
/// <param name="refused">Called with the number of an event that readers may have seen, if it will not be stored.</param>
internal sealed class AppendEvent(LogEntry entry, EntityRow? row, Receipt receipt, Action<long>? refused = null) : WriteOperation<SqliteSession>(receipt), IRefusable
{
    private const string Insert =
        "INSERT INTO events VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (seq) DO NOTHING";

    private const string Upsert =
        """
        INSERT INTO entities VALUES (?1, ?2, ?3)
        ON CONFLICT (id) DO UPDATE SET version = excluded.version, data = excluded.data WHERE excluded.version > version
        """;

    private const string Delete = "DELETE FROM entities WHERE id = ?1";

    public LogEntry Entry => entry;

    public override int Bytes => entry.Data.Length + (row?.Data?.Length ?? 0);

    public override void Refuse(string reason)
    {
        refused?.Invoke(entry.Seq);
        base.Refuse(reason);
    }

    // The event log has not queued it, so it has no number.
    void IRefusable.Refuse(string reason, IActorRef? sender) => Receipt.Fail(reason);

    public override void Apply(SqliteSession session)
    {
        session[Insert]
            .Bind(1, entry.Seq)
            .Bind(2, Microseconds.From(entry.Time))
            .Bind(3, entry.Topic)
            .Bind(4, entry.Type)
            .Bind(5, row?.Version ?? 0)
            .Bind(6, row?.State?.Raw)
            .Bind(7, row?.State is { } state && state.TryGetNumber(out var number) ? number : (double?)null)
            .Bind(8, entry.Data.Span)
            .Run();

        if (row is { Data: { } data })
        {
            session[Upsert].Bind(1, row.Id.Value).Bind(2, row.Version).Bind(3, data.Span).Run();
        }
        else if (row is not null)
        {
            session[Delete].Bind(1, row.Id.Value).Run();
        }
    }
}
