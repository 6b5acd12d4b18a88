using System.Collections.Concurrent;
using AllInOne.Core.Values;
using Microsoft.Data.Sqlite;

namespace AllInOne.Core.Storage.Sqlite;

/// <summary>
/// The reader connections of a file, which work beside its writer. A fixed number of reads runs at a time; further callers wait. They see committed
/// data. Queries may take long, so they have separate places and never delay short reads. A <see cref="QuerySchedule"/> shares these places, so that
/// no client and no long query blocks the others. A connection that failed, or that was opened before the file failed, is closed and not used again.
/// </summary>
internal sealed class SqliteReaders(SqliteFile file, StorageOptions options) : IDisposable
{
    private readonly SemaphoreSlim _reads = new(options.Readers);
    private readonly QuerySchedule _schedule = new(options, TimeProvider.System);
    private readonly ConcurrentBag<SqliteSession> _idle = [];
    private volatile bool _closed;

    /// <summary>Runs a short read: a row by its key, or a page of adjacent rows.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public async Task<T> ReadAsync<T>(Func<SqliteSession, T> read, CancellationToken cancel)
    {
        await _reads.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Read(read), cancel).ConfigureAwait(false);
        }
        finally
        {
            _reads.Release();
        }
    }

    /// <summary>Runs a query that may take long. It pauses while other queries come before it.</summary>
    /// <param name="query">The query.</param>
    /// <param name="cancel">Cancels the query.</param>
    /// <param name="caller">The client: clients get equal shares of the places.</param>
    /// <param name="isRefusable">
    /// Whether the query may be refused when it waits for longer than <see cref="StorageOptions.QueryWait"/>, or to make room for another query.
    /// </param>
    /// <param name="limit">How long the query may run, without its pauses. When null, there is no limit.</param>
    /// <exception cref="UnavailableException">The query was refused.</exception>
    /// <exception cref="QueryTimeoutException">The query ran for longer than its limit.</exception>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public async Task<T> QueryAsync<T>(
        Func<SqliteSession, T> query, CancellationToken cancel, string caller = "", bool isRefusable = true, TimeSpan? limit = null)
    {
        using var turn = new QueryTurn(_schedule, caller, isRefusable ? options.QueryWait : null, limit, cancel);
        await turn.EnterAsync().ConfigureAwait(false);

        // A dedicated thread: a long query must not occupy one of the few pool threads that requests need.
        var result = await Task.Factory.StartNew(() => Read(session => session.Interruptible(query, turn.Continue)), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);

        // Queries that paused at the same time leave more connections than are needed later.
        CloseIdle(most: options.Readers + options.Queries);
        return result;
    }

    /// <summary>Closes the idle connections. A connection that still reads is closed when it has finished.</summary>
    public void Dispose()
    {
        _closed = true;
        CloseIdle(most: 0);
    }

    private T Read<T>(Func<SqliteSession, T> read)
    {
        SqliteSession? session = null;
        try
        {
            session = Rent();
            var result = read(session);
            _idle.Add(session);
            if (_closed)
            {
                CloseIdle(most: 0);
            }

            return result;
        }
        catch (Exception broken)
        {
            session?.Dispose();
            if (broken is SqliteException)
            {
                throw SqliteFault.Of(file.Path, "read", broken);
            }

            throw;
        }
    }

    private void CloseIdle(int most)
    {
        while (_idle.Count > most && _idle.TryTake(out var session))
        {
            session.Dispose();
        }
    }

    private SqliteSession Rent()
    {
        while (_idle.TryTake(out var session))
        {
            if (session.Generation == file.Generation)
            {
                return session;
            }

            session.Dispose();
        }

        return file.OpenReader();
    }
}
