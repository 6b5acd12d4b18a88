using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Writing;

namespace AllInOne.Core.State.Storing;

/// <summary>The way from the shards to the writer of state.db, and the numbers of its rows.</summary>
internal sealed class StateWriter(Database database)
{
    private long _lastRow;

    public long NextRow() => Interlocked.Increment(ref _lastRow);

    /// <summary>Rows up to this number are there.</summary>
    public void BeginAbove(long row) => _lastRow = row;

    public void Write(WriteOperation operation) => database.Writer.Queue.Enqueue(operation);
}
