namespace AllInOne.Core.Storage.Sqlite;

/// <summary>
/// Decides which queries of a file run: <see cref="StorageOptions.Queries"/> at the same time, the others wait. A running query gives way to
/// a waiting query that has run for a shorter time (<see cref="QueryTurn.Level"/>), and pauses: it keeps its thread, its connection and its
/// snapshot, so no work is lost. A free place goes to the lowest level; then to the client with the fewest running queries, clients in turn; then
/// to the oldest query. Within a level no query gives way: of many long ones some end, where all would run out of time if they took turns.
/// <see cref="StorageOptions.OpenQueries"/> bounds the queries that run or pause. Any thread; one lock.
/// </summary>
internal sealed class QuerySchedule(StorageOptions options, TimeProvider time)
{
    /// <summary>From this level on a query is long: it has run for ten slices.</summary>
    private const int Long = 2;

    private readonly Lock _gate = new();
    private readonly List<QueryTurn> _turns = [];
    private readonly Dictionary<string, QueryClient> _clients = new(StringComparer.Ordinal);
    private int _running;
    private int _open;
    private long _arrivals;
    private long _places;

    public TimeProvider Time { get; } = time;

    /// <summary>Adds a query that waits for a place; it gets one at once if one is free.</summary>
    public void Add(QueryTurn turn)
    {
        lock (_gate)
        {
            turn.Client = ClientOf(turn.Caller);
            turn.Client.Queries++;
            turn.Arrival = _arrivals++;
            _turns.Add(turn);
            Fill();
        }
    }

    /// <summary>Counts how long a query has run since the last call. False when it gave its place away: it must wait until it is resumed.</summary>
    public bool MayContinue(QueryTurn turn, TimeSpan ran)
    {
        lock (_gate)
        {
            turn.Count(ran, options.QuerySlice);
            MakeRoom();
            if (Next() is not { } next || next.Level >= turn.Level)
            {
                return true;
            }

            Stop(turn, QueryState.Waiting);
            Fill();
            return false;
        }
    }

    /// <summary>Refuses a query that has waited for too long. False when it was resumed, or refused, at the same moment.</summary>
    public bool TryRefuse(QueryTurn turn)
    {
        lock (_gate)
        {
            if (turn.State != QueryState.Waiting)
            {
                return false;
            }

            turn.Refusal = turn.IsOpen
                ? $"Broken off: other queries came first for {options.QueryWait} in total (Storage:QueryWait)."
                : $"Not begun: {_running} other queries run, and none left its place within {options.QueryWait} (Storage:QueryWait).";
            Leave(turn);
            return true;
        }
    }

    /// <summary>Removes a query that has ended or was cancelled; the next one gets its place.</summary>
    public void Remove(QueryTurn turn)
    {
        lock (_gate)
        {
            Leave(turn);
        }
    }

    private void Leave(QueryTurn turn)
    {
        if (!_turns.Remove(turn))
        {
            return;
        }

        Stop(turn, QueryState.Ended);
        _open -= turn.IsOpen ? 1 : 0;
        if (--turn.Client!.Queries == 0)
        {
            _clients.Remove(turn.Caller);
        }

        Fill();
    }

    private void Fill()
    {
        MakeRoom();
        while (_running < options.Queries && Next() is { } next)
        {
            _running++;
            _open += next.IsOpen ? 0 : 1;
            (next.IsOpen, next.State) = (true, QueryState.Running);
            next.Client!.Running++;
            next.Client.LastPlace = ++_places;
            next.Resumed.Release();
        }
    }

    private void Stop(QueryTurn turn, QueryState state)
    {
        if (turn.State == QueryState.Running)
        {
            _running--;
            turn.Client!.Running--;
        }

        turn.State = state;
    }

    private QueryTurn? Next() =>
        _turns.Where(turn => turn.State == QueryState.Waiting && (turn.IsOpen || _open < options.OpenQueries)).Min();

    /// <summary>
    /// Where a query cannot begin because all open ones are long, a paused one is refused: of the client with the most queries the one
    /// that has run for the shortest time.
    /// </summary>
    private void MakeRoom()
    {
        if (_open < options.OpenQueries || _turns.Count == _open || _turns.Exists(turn => turn is { IsOpen: true, Level: < Long }))
        {
            return;
        }

        var paused = _turns.Where(turn => turn is { IsOpen: true, State: QueryState.Waiting, IsRefusable: true });
        if (paused.MaxBy(turn => (turn.Client!.Queries, -turn.Ran)) is { } refused)
        {
            refused.Refusal = $"Broken off: {_open} long queries are open, and a new query needs a place (Storage:OpenQueries).";
            refused.Resumed.Release();
            Leave(refused);
        }
    }

    private QueryClient ClientOf(string caller)
    {
        if (!_clients.TryGetValue(caller, out var client))
        {
            _clients.Add(caller, client = new QueryClient());
        }

        return client;
    }
}
