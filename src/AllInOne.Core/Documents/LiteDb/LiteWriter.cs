using AllInOne.Core.Documents.Engine;
using AllInOne.Core.Documents.LiteDb.Files;
using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Values;
using LiteDB;

namespace AllInOne.Core.Documents.LiteDb;

/// <summary>The writer of documents.db. It takes its turns in the lane that the reads use too.</summary>
internal sealed class LiteWriter(LiteLane lane, StorageOptions options, TimeProvider time) : FileWriter<IDocumentSession>(LiteDocuments.FileName, options, time)
{
    private readonly LiteCheckpointer _checkpointer = new(lane.File, options);
    private readonly int _batchBytes = options.BatchBytes;

    // The batch that was committed last, with its result. If the result got lost with an incarnation of the actor, the batch comes again.
    private IReadOnlyList<WriteOperation>? _committed;
    private BatchResult? _result;

    // The operation in which the engine has failed. If it fails in the same operation again, the operation is at fault.
    private WriteOperation? _suspect;

    public override ICheckpointer Checkpointer => _checkpointer;

    public override StorageException? FinishCheckpoint()
    {
        lock (OneAtATime)
        {
            var start = Time.GetTimestamp();
            try
            {
                lane.Run((engine, _) =>
                {
                    engine.Checkpoint();
                    return true;
                });
                _checkpointer.Finished(Time.GetElapsedTime(start));
                return null;
            }
            catch (StorageException broken)
            {
                return broken;
            }
        }
    }

    public override void Renew() => lane.Renew();

    /// <summary>Nothing to close: reads continue after the writer has stopped.</summary>
    public override void Dispose()
    {
    }

    protected override StorageException? Commit(IReadOnlyList<WriteOperation<IDocumentSession>> batch, ref BatchResult result)
    {
        if (ReferenceEquals(batch, _committed))
        {
            result = _result!;
            return null;
        }

        var refused = new Dictionary<WriteOperation, string>();
        while (true)
        {
            try
            {
                if (lane.Run((engine, catalog) => Transaction(engine, catalog, batch, refused)) is { } done)
                {
                    (result, _suspect) = (done, null);
                    return null;
                }
            }
            catch (StorageException broken)
            {
                return broken;
            }

            // An operation has failed half way, and LiteDB has no savepoints. The batch is applied again from the start, without this operation.
            lane.Renew();
        }
    }

    protected override void EndFile() => _ = FinishCheckpoint();

    /// <summary>Applies and commits the batch. Null if an operation has failed half way; it is in <paramref name="refused"/> then.</summary>
    private BatchResult? Transaction(
        GuardedEngine engine, LiteCatalog catalog, IReadOnlyList<WriteOperation<IDocumentSession>> batch, Dictionary<WriteOperation, string> refused)
    {
        engine.Engine.BeginTrans();
        var session = new LiteSession(engine.Engine, catalog);
        var (done, bytes) = (0, 0L);
        while (done < batch.Count && bytes < _batchBytes)
        {
            var operation = batch[done++];
            if (refused.ContainsKey(operation))
            {
                continue;
            }

            if (!TryApply(operation, session, engine, refused))
            {
                return null;
            }

            bytes += operation.BytesWritten;
        }

        if (session.Changes > 0)
        {
            catalog.Store(engine.Engine);
        }

        var result = new BatchResult(done, [.. batch.Take(done).Where(refused.ContainsKey).Select(operation => new Refusal(operation, refused[operation]))]);
        engine.Commit();
        (_committed, _result) = (batch, result);

        // The batch is committed. If this fails, the next opening of the file does it.
        if (catalog.HasDropped && catalog.DropDeleted(engine.Engine))
        {
            engine.Commit();
        }

        return result;
    }

    /// <summary>False if the operation has failed after it had changed something.</summary>
    private bool TryApply(
        WriteOperation<IDocumentSession> operation, LiteSession session, GuardedEngine engine, Dictionary<WriteOperation, string> refused)
    {
        var before = session.Changes;
        try
        {
            operation.Apply(session);
            return true;
        }
        catch (Exception failure) when (failure is not (StorageException or OutOfMemoryException or IOException) && IsOfTheRow(failure, operation))
        {
            engine.MustBeSound();
            refused.Add(operation, Excerpt.Of(failure.Message, Excerpt.Message));
            return session.Changes == before && failure is not LiteException;
        }
    }

    private bool IsOfTheRow(Exception failure, WriteOperation operation)
    {
        if (failure is not LiteException || ReferenceEquals(_suspect, operation))
        {
            return true;
        }

        _suspect = operation;
        return false;
    }
}
