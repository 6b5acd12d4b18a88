using AllInOne.Core.State.Commands;
using AllInOne.Core.State.Shards;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;

namespace AllInOne.Core.State.Storing;

/// <summary>A row of state.db to store or to delete.</summary>
/// <param name="Slot">The slot of the key, which has the row number.</param>
/// <param name="Item">The item to store; null: the row is deleted.</param>
/// <param name="Group">The keys that are stored in the same transaction; null for none.</param>
internal readonly record struct StateRow(StateSlot Slot, StateItem? Item, WriteGroup? Group = null);

/// <summary>Stores some keys of one shard as they were at one moment. It is idempotent.</summary>
/// <param name="waiting">The durable commands that are answered after the commit. If there are any, the commit survives a loss of power.</param>
internal sealed class StoreKeys(IReadOnlyList<StateRow> rows, IReadOnlyList<StateCommand> waiting, WriteBehind writes) : WriteOperation<SqliteSession>(default)
{
    private const string Store = "REPLACE INTO keys (id, key, version, expires, value) VALUES (?1, ?2, ?3, ?4, ?5)";

    private const string StoreWithoutEnd = "REPLACE INTO keys (id, key, version, expires, value) VALUES (?1, ?2, ?3, NULL, ?4)";

    private const string Delete = "DELETE FROM keys WHERE id = ?1";

    public override int Bytes { get; } = rows.Sum(row => (row.Item?.Value.Length ?? 0) + row.Slot.Key.Length);

    public override int Rows => rows.Count;

    public override bool IsDurable => waiting.Count > 0;

    public override void Apply(SqliteSession session)
    {
        foreach (var (slot, item, _) in rows)
        {
            if (item is null)
            {
                session[Delete].Bind(1, slot.Row).Run();
            }
            else if (item.ExpiresAt == StateItem.Never)
            {
                session[StoreWithoutEnd].Bind(1, slot.Row).Bind(2, slot.Key).Bind(3, item.Version).Bind(4, item.Json.Span).Run();
            }
            else
            {
                session[Store].Bind(1, slot.Row).Bind(2, slot.Key).Bind(3, item.Version).Bind(4, item.ExpiresAt).Bind(5, item.Json.Span).Run();
            }
        }
    }

    public override void Answer()
    {
        foreach (var command in waiting)
        {
            command.Complete();
        }

        NoteCommitted();
    }

    public override void Refuse(string reason)
    {
        foreach (var command in waiting)
        {
            command.Refuse($"It is done, but not known to be stored: {reason}");
        }

        writes.Retry(rows);
        NoteCommitted();
    }

    private void NoteCommitted()
    {
        if (waiting.Count == 0)
        {
            writes.Committed();
        }
    }
}
