using System.Numerics;
using AllInOne.Core.Values;

namespace AllInOne.Core.Storage.Sqlite;

internal enum QueryState
{
    Waiting,
    Running,
    Ended,
}

/// <summary>A caller that has queries in the schedule, or that has more service than the others.</summary>
internal sealed class QueryClient
{
    public int Queries { get; set; }

    /// <summary>How many queries of this client run or pause.</summary>
    public int Open { get; set; }

    public int Running { get; set; }

    /// <summary>The number of the last place that this client got; 0 before the first.</summary>
    public long LastPlace { get; set; }

    /// <summary>The total time that the queries of this client have run; raised to the floor if the client begins later than others.</summary>
    public TimeSpan Service { get; set; }
}

/// <summary>
/// One query in a <see cref="QuerySchedule"/>: it waits for a place, runs, and pauses while other queries come before it. The schedule's
/// lock guards the members that the schedule sets. A query compares as less than the queries after it.
/// </summary>
/// <param name="schedule">Decides when the query runs.</param>
/// <param name="caller">The client of the query.</param>
/// <param name="wait">How long the query may wait in total, before its start and in its pauses. When null, it is never refused.</param>
/// <param name="limit">How long the query may run, without its pauses. When null, there is no limit.</param>
/// <param name="cancel">Cancels the query.</param>
internal sealed class QueryTurn(QuerySchedule schedule, string caller, TimeSpan? wait, TimeSpan? limit, CancellationToken cancel)
    : IComparable<QueryTurn>, IDisposable
{
    /// <summary>How often a running query asks the schedule whether it must pause.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(1);

    private TimeSpan _waited;

    public string Caller { get; } = caller;

    public bool IsRefusable { get; } = wait is not null;

    public QueryState State { get; set; }

    /// <summary>The query runs or pauses, so it has a thread and a connection.</summary>
    public bool IsOpen { get; set; }

    public QueryClient? Client { get; set; }

    /// <summary>The number of the query in the order of arrival.</summary>
    public long Arrival { get; set; }

    /// <summary>The timestamp up to which <see cref="Ran"/> is counted, while it runs.</summary>
    public long Counted { get; set; }

    /// <summary>How long the query has run, without its pauses.</summary>
    public TimeSpan Ran { get; private set; }

    /// <summary>0 until the query has run for one slice, 1 until four slices, 2 until sixteen, and so on.</summary>
    public int Level { get; private set; }

    /// <summary>The reason why the schedule refused the query; null if it did not.</summary>
    public string? Refusal { get; set; }

    /// <summary>Released each time the query gets a place, and when the schedule refuses it.</summary>
    public SemaphoreSlim Resumed { get; } = new(0);

    private (TimeSpan, int, long, int, long) Place => (Client!.Service, Client.Running, Client.LastPlace, Level, Arrival);

    private TimeSpan Left => wait is not { } most ? Timeout.InfiniteTimeSpan : most > _waited ? most - _waited : TimeSpan.Zero;

    /// <summary>Waits for its first place.</summary>
    /// <exception cref="UnavailableException">The query got no place in time.</exception>
    public async Task EnterAsync()
    {
        cancel.ThrowIfCancellationRequested();
        schedule.Add(this);
        var since = schedule.Time.GetTimestamp();
        Waited(since, await Resumed.WaitAsync(Left, cancel).ConfigureAwait(false));
    }

    /// <summary>Called on the query's thread every few steps. If the query must pause, returns only when it may continue.</summary>
    /// <exception cref="OperationCanceledException">The caller has disconnected.</exception>
    /// <exception cref="QueryTimeoutException">The query has run for longer than its limit.</exception>
    /// <exception cref="UnavailableException">The query has waited for longer than its limit, or must make room for another query.</exception>
    public void Continue()
    {
        cancel.ThrowIfCancellationRequested();
        var now = schedule.Time.GetTimestamp();
        var ran = schedule.Time.GetElapsedTime(Counted, now);
        if (ran < Interval)
        {
            return;
        }

        if (limit is { } most && Ran + ran > most)
        {
            throw new QueryTimeoutException(most);
        }

        Counted = now;
        if (!schedule.MayContinue(this, ran))
        {
            Waited(now, Resumed.Wait(Left, cancel));
        }
    }

    /// <summary>Adds to the running time of the query and to the service of its client.</summary>
    public void Count(TimeSpan ran, TimeSpan slice)
    {
        Ran += ran;
        Client!.Service += ran;
        Level = Ran < slice ? 0 : 1 + (BitOperations.Log2((ulong)(Ran / slice)) / 2);
    }

    public int CompareTo(QueryTurn? other) => other is null ? 1 : Place.CompareTo(other.Place);

    public void Dispose()
    {
        schedule.Remove(this);
        Resumed.Dispose();
    }

    private void Waited(long since, bool isResumed)
    {
        _waited += schedule.Time.GetElapsedTime(since);
        if (!isResumed && !schedule.TryRefuse(this))
        {
            // The query was resumed at the same moment.
            Resumed.Wait(CancellationToken.None);
        }

        if (Refusal is { } reason)
        {
            throw new UnavailableException(reason);
        }
    }
}
