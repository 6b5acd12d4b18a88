using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;

namespace AllInOne.Core.State.Storing;

/// <summary>The shards' access to the writer of state.db: operations to write, and numbers for new rows.</summary>
/// <param name="enqueue">Adds an operation to the writer's queue.</param>
internal sealed class StateWriter(Action<WriteOperation<SqliteSession>> enqueue)
{
    private long _lastRow;

    public long NextRow() => Interlocked.Increment(ref _lastRow);

    /// <summary>Sets the last used row number; new rows get greater numbers.</summary>
    public void BeginAbove(long row) => _lastRow = row;

    public void Write(WriteOperation<SqliteSession> operation) => enqueue(operation);
}
