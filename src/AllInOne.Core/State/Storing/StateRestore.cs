using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Sqlite;

namespace AllInOne.Core.State.Storing;

/// <summary>Reads all keys from state.db: row by row, several ranges of rows at the same time. Nothing is written during this time.</summary>
internal sealed class StateRestore(Database database, int ranges)
{
    /// <summary>The minimum number of bytes that a row takes in the file.</summary>
    private const int SmallestRow = 32;

    private long _rows;
    private long _version;

    /// <summary>The number of rows that were read so far. Any thread may read it.</summary>
    public long Rows => Interlocked.Read(ref _rows);

    /// <summary>After the restore: the greatest version of all keys.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>After the restore: the greatest row number.</summary>
    public long LastRow { get; private set; }

    /// <param name="begin">Called first, with the maximum number of rows.</param>
    /// <param name="load">Takes a row number and its item. Several threads call it at once.</param>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public async Task RunAsync(Action<long> begin, Action<long, StateItem> load, CancellationToken cancel)
    {
        var (first, last, bytes) = await database.Readers.ReadAsync(Measure, cancel).ConfigureAwait(false);
        LastRow = last;
        begin(Math.Min(last - first + 1, bytes / SmallestRow));
        var length = ((last - first) / ranges) + 1;
        await Task.WhenAll(Enumerable.Range(0, ranges).Select(n => database.Readers.ReadAsync(
            session => Read(session, first + (n * length), Math.Min(last, first + ((n + 1) * length) - 1), load, cancel), cancel))).ConfigureAwait(false);
    }

    private static (long First, long Last, long Bytes) Measure(SqliteSession session) =>
        session["SELECT coalesce(min(id), 1), coalesce(max(id), 0), (SELECT page_count * page_size FROM pragma_page_count, pragma_page_size) FROM keys"]
            .Rows(row => (row.Int64(0), row.Int64(1), row.Int64(2))).Single();

    private long Read(SqliteSession session, long first, long last, Action<long, StateItem> load, CancellationToken cancel)
    {
        var statement = session["SELECT id, key, version, expires, value FROM keys WHERE id BETWEEN ?1 AND ?2"].Bind(1, first).Bind(2, last);
        var (count, version) = (0L, 0L);
        try
        {
            while (statement.Step())
            {
                var item = StateItem.Of(
                    statement.Text(1), new StateValue(statement.Utf8(4)!), statement.Int64(2), statement.IsNull(3) ? StateItem.Never : statement.Int64(3),
                    database.Clock);
                version = Math.Max(version, item.Version);
                load(statement.Int64(0), item);
                if (++count % 1024 == 0)
                {
                    Interlocked.Add(ref _rows, 1024);
                    cancel.ThrowIfCancellationRequested();
                }
            }
        }
        finally
        {
            statement.Reset();
        }

        Interlocked.Add(ref _rows, count % 1024);
        InterlockedMax(version);
        return count;
    }

    private void InterlockedMax(long version)
    {
        for (var seen = Interlocked.Read(ref _version); seen < version;)
        {
            var found = Interlocked.CompareExchange(ref _version, version, seen);
            if (found == seen)
            {
                return;
            }

            seen = found;
        }
    }
}
