using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace AllInOne.Core.Storage.Sqlite;

/// <summary>
/// The connections that read a file beside its writer: a fixed number at a time, the next caller waits. They see what is
/// committed. Queries, which may take long, have a number of their own, so that they never stand in the way of reads that do not.
/// A connection that failed, or that was opened before the file failed, is thrown away.
/// </summary>
internal sealed class SqliteReaders(SqliteFile file, StorageOptions options) : IDisposable
{
    private readonly SemaphoreSlim _reads = new(options.Readers);
    private readonly SemaphoreSlim _queries = new(options.Queries);
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

    /// <summary>What may take long.</summary>
    /// <param name="wait">How long it may wait for its turn; as <see cref="StorageOptions.QueryWait"/> says when null.</param>
    /// <exception cref="UnavailableException">Its turn has not come by then.</exception>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public async Task<T> QueryAsync<T>(Func<SqliteSession, T> query, CancellationToken cancel, TimeSpan? wait = null)
    {
        if (!await _queries.WaitAsync(wait ?? options.QueryWait, cancel).ConfigureAwait(false))
        {
            throw new UnavailableException($"Not begun: {options.Queries} other queries have not ended within {options.QueryWait}.");
        }

        try
        {
            // A thread of its own: one of the pool's few would be missing to every request for as long as this takes.
            return await Task.Factory
                .StartNew(() => Read(query), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        }
        finally
        {
            _queries.Release();
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
