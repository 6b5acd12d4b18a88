using Akka.Actor;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Values;

namespace AllInOne.Core.Events.History;

/// <summary>Reads one snapshot after all earlier writes in the queue.</summary>
internal sealed class ReadEntity(EntityId id, IActorRef replyTo) : WriteOperation<SqliteSession>(default)
{
    private const string Select = "SELECT version, data FROM entities WHERE id = ?1";

    public EntityRow? Row { get; private set; }

    public override int Rows => 0;

    public override void Apply(SqliteSession session) => Row = session[Select].Bind(1, id.Value)
        .Rows(row => new EntityRow(id, row.Int64(0), row.Utf8(1)))
        .SingleOrDefault();

    public override void Answer() => replyTo.Tell(new EntityRead(id, Row));

    public override void Refuse(string reason) => replyTo.Tell(new ReadFailed(id, reason));
}

/// <summary>Reads the ids of all snapshots after all earlier writes in the queue.</summary>
internal sealed class ReadEntityIds(IActorRef replyTo) : WriteOperation<SqliteSession>(default)
{
    private const string Select = "SELECT id FROM entities ORDER BY id";

    private IReadOnlyList<EntityId> _ids = [];

    public override int Rows => 0;

    public override void Apply(SqliteSession session) => _ids = session[Select].Rows(row => EntityId.Parse(row.Text(0)));

    public override void Answer() => replyTo.Tell(new EntityIdsRead(_ids));

    public override void Refuse(string reason) => replyTo.Tell(new ReadFailed(null, reason));
}
