using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Jobs.Storing;

/// <summary>
/// allinone.db as the jobs use it: reads, writes with and without an answer, and the two clocks. Thread-safe. The times of schedules are wall-clock times;
/// delays and retries run by the steady clock of the file.
/// </summary>
internal sealed class JobFile(Database database, JobsOptions options, TimeProvider clock)
{
    public const string StillRestoring = "Jobs are still restoring.";

    private volatile string? _away = StillRestoring;
    private bool _isBehindTaken;

    /// <summary>The wall-clock time that decides which jobs are due.</summary>
    public DateTimeOffset Now => EventTime.Now(clock);

    /// <summary>The clock of delays and retries. Setting the wall clock does not change it.</summary>
    public SteadyClock Steady => database.Clock;

    public SqliteReaders Readers => database.Readers;

    /// <summary>Changes are accepted from now on.</summary>
    public void Open() => _away = null;

    /// <summary>Changes are refused from now on.</summary>
    public void Close() => _away = "Jobs are stopped.";

    /// <exception cref="UnavailableException">The jobs are not restored yet, or are stopped.</exception>
    public void ThrowIfAway()
    {
        if (_away is { } reason)
        {
            throw new UnavailableException(reason);
        }
    }

    public void Write(WriteOperation<SqliteSession> operation) => database.Writer.Queue.Enqueue(operation);

    /// <summary>
    /// Queues a write beyond the bound of the queue. Only for the start and the end of a run, which must be stored; the number of runs limits them.
    /// </summary>
    public void WriteBeyond(WriteOperation<SqliteSession> operation) => database.Writer.Queue.EnqueueBeyond(operation);

    /// <summary>Stores a change and waits for its commit.</summary>
    /// <exception cref="UnavailableException">The commit was not confirmed in time.</exception>
    public async Task<T> StoreAsync<T>(AnsweredWrite<SqliteSession, T> write, CancellationToken cancel)
        where T : class =>
        (await write.StoreAsync(database.Writer, clock, options.WriteTimeout, options.WriteTimeout, cancel).ConfigureAwait(false))!;

    /// <summary>Stores a change at the start, without a timeout: if the disk is full, this waits like all other writes.</summary>
    public Task StoreAtStartAsync<T>(AnsweredWrite<SqliteSession, T> write)
        where T : class =>
        write.StoreAsync(database.Writer, clock, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan, CancellationToken.None);

    /// <summary>Reads before the actors start.</summary>
    public Task<T> ReadAtStartAsync<T>(Func<SqliteSession, T> read) => Task.Run(() =>
    {
        using var session = database.File.OpenReader();
        return read(session);
    });

    /// <summary>The least amount by which the clock was set back during the downtime; null if it was not. Only the first call returns it.</summary>
    public TimeSpan? TakeBehind()
    {
        var behind = _isBehindTaken ? TimeSpan.Zero : database.Behind;
        _isBehindTaken = true;
        return behind > TimeSpan.Zero ? behind : null;
    }

    /// <summary>The run as callers see it: with the wall-clock time of its retry.</summary>
    public Run ToWallClock(Run run) => run.Retry is { } retry ? run with { Retry = Steady.ToWall(retry) } : run;

    /// <summary>The item as callers see it: with the wall-clock time at which it is due.</summary>
    public QueueItem ToWallClock(QueueItem item) => item with { Due = Steady.ToWall(item.Due) };
}
