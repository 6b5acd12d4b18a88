using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace AllInOne.Core.Storage.Sqlite;

/// <summary>
/// The connections that read a file beside its writer: a fixed number at a time, the next caller waits. They see what is
/// committed. Queries, which may take long, have places of their own, so that they never stand in the way of reads that do not; these
/// places are in lanes, so that a long query never stands in the way of a short one (<see cref="QueryTurn"/>).
/// A connection that failed, or that was opened before the file failed, is thrown away.
/// </summary>
internal sealed class SqliteReaders(SqliteFile file, StorageOptions options) : IDisposable
{
    private const int Interrupted = 9;

    /// <summary>How much longer the slice of the second lane is.</summary>
    private const int LongerSlice = 10;

    private readonly SemaphoreSlim _reads = new(options.Readers);
    private readonly QueryLane[] _lanes =
    [
        new(options.Queries, options.Queries, options.QuerySlice),
        new(options.Queries, options.Queries, options.QuerySlice * LongerSlice),
        // One caller cannot take all places: one place stays for other callers.
        new(options.Queries + 1, options.Queries, slice: null),
    ];

    private readonly ConcurrentBag<SqliteSession> _idle = [];
    private volatile bool _closed;

    /// <summary>What ends soon: by a key, or a page whose rows lie side by side.</summary>
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

    /// <summary>Runs a query that may take long. It may be interrupted and started again, so it must not write.</summary>
    /// <param name="query">What is asked.</param>
    /// <param name="cancel">Breaks it off.</param>
    /// <param name="caller">Who asks: callers get equal shares of the places.</param>
    /// <param name="wait">How long it may wait for a place in each lane; as <see cref="StorageOptions.QueryWait"/> says when null.</param>
    /// <param name="limit">How long it may run; as long as it takes when null.</param>
    /// <exception cref="UnavailableException">Its turn has not come by then.</exception>
    /// <exception cref="QueryTimeoutException">It ran for longer than it may.</exception>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public async Task<T> QueryAsync<T>(
        Func<SqliteSession, T> query, CancellationToken cancel, string caller = "", TimeSpan? wait = null, TimeSpan? limit = null)
    {
        using var turn = new QueryTurn(_lanes, caller);
        while (true)
        {
            if (!await turn.EnterAsync(wait ?? options.QueryWait, cancel).ConfigureAwait(false))
            {
                throw new UnavailableException(Refusal(turn));
            }

            try
            {
                // A dedicated thread: a long query must not occupy one of the few pool threads that requests need.
                return await Task.Factory
                    .StartNew(() => Read(Run), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
            }
            catch (StorageException broken) when (broken.InnerException is SqliteException { SqliteErrorCode: Interrupted })
            {
                cancel.ThrowIfCancellationRequested();
                if (!turn.GaveWay)
                {
                    throw new QueryTimeoutException(limit.GetValueOrDefault(), broken);
                }
            }
        }

        T Run(SqliteSession session)
        {
            turn.Begin();
            return session.Interruptible(query, () => cancel.IsCancellationRequested || turn.Ran > limit || !turn.MayContinue());
        }
    }

    /// <summary>Closes the idle connections; one that still reads is closed when it has finished.</summary>
    public void Dispose()
    {
        _closed = true;
        CloseIdle();
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
                CloseIdle();
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

    private string Refusal(QueryTurn turn) => turn.IsFirstLane
        ? $"Not begun: {turn.Places} other queries have not ended within {options.QueryWait} (Storage:QueryWait)."
        : $"Broken off: it takes longer than others that wait, and {turn.Places} long queries have not ended within {options.QueryWait} (Storage:QueryWait).";

    private void CloseIdle()
    {
        while (_idle.TryTake(out var session))
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
