using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Events.History;

/// <summary>
/// Stores one event and the snapshot after it. It never overwrites a stored event, nor a snapshot with an older one.
/// </summary>
/// <param name="leftOut">Called with the seq if the event is refused.</param>
internal sealed class AppendEvent(StoredEvent stored, EntityRow? row, Receipt receipt, Action<long>? leftOut = null) : WriteOperation(receipt)
{
    private const string Insert =
        "INSERT INTO events VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (seq) DO NOTHING";

    private const string Upsert =
        """
        INSERT INTO entities VALUES (?1, ?2, ?3)
        ON CONFLICT (id) DO UPDATE SET version = excluded.version, data = excluded.data WHERE excluded.version > version
        """;

    private const string Delete = "DELETE FROM entities WHERE id = ?1";

    public override int Bytes => stored.Data.Length + (row?.Data?.Length ?? 0);

    public override void Refuse(string reason)
    {
        leftOut?.Invoke(stored.Seq);
        base.Refuse(reason);
    }

    public override void Apply(SqliteSession session)
    {
        session[Insert]
            .Bind(1, stored.Seq)
            .Bind(2, Microseconds.From(stored.Time))
            .Bind(3, stored.Topic)
            .Bind(4, stored.Type)
            .Bind(5, stored.Version)
            .Bind(6, stored.State?.Raw)
            .Bind(7, stored.State is { } state && state.TryGetNumber(out var number) ? number : (double?)null)
            .Bind(8, stored.Data.Span)
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
