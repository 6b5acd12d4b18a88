using AllInOne.Core.Documents.Engine;
using AllInOne.Core.Documents.Writing;
using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Documents.Sqlite;

/// <summary>Collections in allinone.db: a table for each, in the file and with the writer that the jobs use too.</summary>
internal sealed class SqliteDocuments : IDocumentEngine, IWriter<IDocumentSession>, IWriteQueue<IDocumentSession>
{
    private readonly Database _database;
    private readonly WriteQueue<SqliteSession> _queue;

    public SqliteDocuments(Database database, DocumentsOptions options)
    {
        (_database, _queue) = (database, database.Writer.Queue);
        Reads = new SqliteDocumentReads(database, options);
    }

    public DocumentEngineName Name => DocumentEngineName.Sqlite;

    public IWriter<IDocumentSession> Writer => this;

    public IDocumentReads Reads { get; }

    public SteadyClock Clock => _database.Clock;

    public int MaxCollections => int.MaxValue;

    IWriteQueue<IDocumentSession> IWriter<IDocumentSession>.Queue => this;

    WriterStatus IWriter<IDocumentSession>.Status => _database.Writer.Status;

    bool IWriteQueue<IDocumentSession>.HasRoom => _queue.HasRoom;

    public IReadOnlyList<Collection> Load()
    {
        using var session = _database.File.OpenReader();
        var collections = CollectionRows.All(session);
        foreach (var collection in collections.Where(collection => !CollectionIndexes.AreSet(session, collection)))
        {
            Writer.Queue.Enqueue(new RenewIndexes(collection.Name));
        }

        return collections;
    }

    /// <summary>Nothing to close: the file belongs to the module of the storage.</summary>
    public void Dispose()
    {
    }

    Task IWriteQueue<IDocumentSession>.WaitForRoomAsync(CancellationToken cancel) => _queue.WaitForRoomAsync(cancel);

    void IWriteQueue<IDocumentSession>.Enqueue(WriteOperation<IDocumentSession> operation) => _queue.Enqueue(new OnSqlite(operation));

    void IWriteQueue<IDocumentSession>.EnqueueForLater(WriteOperation<IDocumentSession> operation) => _queue.EnqueueForLater(new OnSqlite(operation));

    /// <summary>An operation on documents as one of allinone.db.</summary>
    private sealed class OnSqlite(WriteOperation<IDocumentSession> operation) : WriteOperation<SqliteSession>(operation.Receipt)
    {
        public override int Bytes => operation.Bytes;

        public override int BytesWritten => operation.BytesWritten;

        public override int Rows => operation.Rows;

        public override bool IsDurable => operation.IsDurable;

        public override void Apply(SqliteSession session) => operation.Apply(new SqliteDocumentSession(session));

        public override void Answer() => operation.Answer();

        public override void Refuse(string reason) => operation.Refuse(reason);
    }
}
