using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace AllInOne.Core.Storage.Sqlite;

/// <summary>
/// The connections that read a file beside its writer: a fixed number at a time, the next caller waits. They see what is
/// committed. A connection that failed, or that was opened before the file failed, is thrown away.
/// </summary>
internal sealed class SqliteReaders(SqliteFile file, int count) : IDisposable
{
    private readonly SemaphoreSlim _free = new(count);
    private readonly ConcurrentBag<SqliteSession> _idle = [];
    private volatile bool _closed;

    /// <exception cref="StorageException">The file cannot be read.</exception>
    public async Task<T> ReadAsync<T>(Func<SqliteSession, T> read, CancellationToken cancel)
    {
        await _free.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Read(read), cancel).ConfigureAwait(false);
        }
        finally
        {
            _free.Release();
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
                throw new StorageException(file.Path, $"{file.Path} cannot be read: {broken.Message}", broken);
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
