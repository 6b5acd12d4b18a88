using System.Numerics;

namespace AllInOne.Core.Storage.Sqlite;

internal enum QueryState
{
    Waiting,
    Running,
    Ended,
}

/// <summary>A caller with queries in the schedule, or one that has had more service than the others.</summary>
internal sealed class QueryClient
{
    public int Queries { get; set; }

    /// <summary>How many of its queries run or pause.</summary>
    public int Open { get; set; }

    public int Running { get; set; }

    /// <summary>The number of the last place that it got; 0 before the first.</summary>
    public long LastPlace { get; set; }

    /// <summary>How long its queries have run, added up; raised to the floor where it begins later than others.</summary>
    public TimeSpan Service { get; set; }
}

/// <summary>
/// One query in a <see cref="QuerySchedule"/>: it waits for a place, runs, and pauses where others come before it. The schedule's lock
/// guards what the schedule sets. It compares as less than the queries that it comes before.
/// </summary>
/// <param name="schedule">Decides when it runs.</param>
/// <param name="caller">Who asks.</param>
/// <param name="wait">How long it may wait in total, before it begins and in its pauses; when null, it is never refused.</param>
/// <param name="limit">How long it may run, pauses not counted; as long as it takes when null.</param>
/// <param name="cancel">Breaks it off.</param>
internal sealed class QueryTurn(QuerySchedule schedule, string caller, TimeSpan? wait, TimeSpan? limit, CancellationToken cancel)
    : IComparable<QueryTurn>, IDisposable
{
    /// <summary>How often a query that runs asks the schedule whether it must pause.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(1);

    private TimeSpan _waited;

    public string Caller { get; } = caller;

    public bool IsRefusable { get; } = wait is not null;

    public QueryState State { get; set; }

    /// <summary>It runs or pauses: it has a thread and a connection.</summary>
    public bool IsOpen { get; set; }

    public QueryClient? Client { get; set; }

    /// <summary>Its number in the order of arrival.</summary>
    public long Arrival { get; set; }

    /// <summary>The timestamp up to which <see cref="Ran"/> is counted, while it runs.</summary>
    public long Counted { get; set; }

    /// <summary>How long it has run, pauses not counted.</summary>
    public TimeSpan Ran { get; private set; }

    /// <summary>0 until it has run for a slice, 1 until it has run for four slices, 2 until it has run for sixteen, and so on.</summary>
    public int Level { get; private set; }

    /// <summary>Why the schedule refused it.</summary>
    public string? Refusal { get; set; }

    /// <summary>Released each time it gets a place, and when the schedule refuses it.</summary>
    public SemaphoreSlim Resumed { get; } = new(0);

    private (TimeSpan, int, long, int, long) Place => (Client!.Service, Client.Running, Client.LastPlace, Level, Arrival);

    private TimeSpan Left => wait is not { } most ? Timeout.InfiniteTimeSpan : most > _waited ? most - _waited : TimeSpan.Zero;

    /// <summary>Waits for its first place.</summary>
    /// <exception cref="UnavailableException">It got none in time.</exception>
    public async Task EnterAsync()
    {
        cancel.ThrowIfCancellationRequested();
        schedule.Add(this);
        var since = schedule.Time.GetTimestamp();
        Waited(since, await Resumed.WaitAsync(Left, cancel).ConfigureAwait(false));
    }

    /// <summary>On the query's thread, every few steps. Returns when the query may run on, which takes as long as its pause.</summary>
    /// <exception cref="OperationCanceledException">Its caller has gone.</exception>
    /// <exception cref="QueryTimeoutException">It has run for longer than it may.</exception>
    /// <exception cref="UnavailableException">It has paused for longer than it may, or must make room for others.</exception>
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

    /// <summary>Adds to the time that it has run, and to its client's.</summary>
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
            // It was resumed at the same moment.
            Resumed.Wait(CancellationToken.None);
        }

        if (Refusal is { } reason)
        {
            throw new UnavailableException(reason);
        }
    }
}
