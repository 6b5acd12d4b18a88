namespace AllInOne.Core.Storage.Sqlite;

/// <summary>
/// Decides which queries of a file run: <see cref="StorageOptions.Queries"/> at the same time; the other queries wait. Clients get equal shares
/// (start-time fair queueing). A free place goes to the client with the least service (<see cref="QueryClient.Service"/>), there to the query with
/// the lowest level (<see cref="QueryTurn.Level"/>), and among these to the oldest. A running query pauses for a shorter query of its client, and
/// for a query of a client with sufficiently less service. It keeps its thread, its connection and its snapshot, so no work is lost.
/// Queries of the same client and level do not take turns. So some of many long queries complete; if they took turns, all would time out.
/// <see cref="StorageOptions.OpenQueries"/> bounds the queries that run or pause. Any thread may call; there is one lock.
/// </summary>
internal sealed class QuerySchedule(StorageOptions options, TimeProvider time)
{
    /// <summary>From this level on a query is long: it has run for sixteen slices.</summary>
    private const int Long = 3;

    private readonly Lock _gate = new();
    private readonly List<QueryTurn> _turns = [];
    private readonly Dictionary<string, QueryClient> _clients = new(StringComparer.Ordinal);
    private int _running;
    private int _open;
    private long _arrivals;
    private long _places;

    /// <summary>The service with which a client begins: the service of the last client that got a place, and at least the minimum of all clients.</summary>
    private TimeSpan _floor;

    public TimeProvider Time { get; } = time;

    /// <summary>Adds a query that waits for a place. If a place is free, the query gets it at once.</summary>
    public void Add(QueryTurn turn)
    {
        lock (_gate)
        {
            turn.Client = Enter(turn.Caller);
            turn.Arrival = _arrivals++;
            _turns.Add(turn);
            Fill();
        }
    }

    /// <summary>Counts how long a query has run since the last call. False if the query has lost its place: it must wait until it is resumed.</summary>
    public bool MayContinue(QueryTurn turn, TimeSpan ran)
    {
        lock (_gate)
        {
            turn.Count(ran, options.QuerySlice);
            MakeRoom();
            if (!Candidates().Any(next => GivesWay(turn, next)))
            {
                return true;
            }

            Stop(turn, QueryState.Waiting);
            Fill();
            return false;
        }
    }

    /// <summary>Refuses a query that has waited for too long. False if the query was resumed or refused at the same moment.</summary>
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
            Close(turn);
            return true;
        }
    }

    /// <summary>Removes a completed or cancelled query. The next query gets its place.</summary>
    public void Remove(QueryTurn turn)
    {
        lock (_gate)
        {
            Close(turn);
        }
    }

    private void Close(QueryTurn turn)
    {
        if (!_turns.Remove(turn))
        {
            return;
        }

        if (turn.State == QueryState.Running)
        {
            turn.Count(Time.GetElapsedTime(turn.Counted), options.QuerySlice);
        }

        Stop(turn, QueryState.Ended);
        _open -= turn.IsOpen ? 1 : 0;
        turn.Client!.Open -= turn.IsOpen ? 1 : 0;
        turn.Client.Queries--;
        Forget();
        Fill();
    }

    private void Fill()
    {
        MakeRoom();
        while (_running < options.Queries && Next() is { } next)
        {
            _running++;
            _open += next.IsOpen ? 0 : 1;
            next.Client!.Open += next.IsOpen ? 0 : 1;
            next.Counted = Time.GetTimestamp();
            (next.IsOpen, next.State) = (true, QueryState.Running);
            next.Client.Running++;
            RaiseFloor(next.Client.Service);
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

    private QueryTurn? Next() => Candidates().Min();

    private IEnumerable<QueryTurn> Candidates() => _turns.Where(turn => turn.State == QueryState.Waiting && MayOpen(turn));

    /// <summary>
    /// A query pauses for another client if that client has less service by at least one slice, and by at least the time that the waiting query has
    /// run. So long queries of different clients change places seldom, and some of them complete.
    /// </summary>
    private bool GivesWay(QueryTurn turn, QueryTurn next) =>
        next.Client == turn.Client
            ? next.Level < turn.Level
            : turn.Client!.Service - next.Client!.Service >= (next.Ran > options.QuerySlice ? next.Ran : options.QuerySlice);

    /// <summary>A client opens no more queries than it leaves free, so that a client without an open query finds a place beside any other client.</summary>
    private bool MayOpen(QueryTurn turn) =>
        turn.IsOpen || (_open < options.OpenQueries && turn.Client!.Open < Math.Max(options.Queries, options.OpenQueries - _open));

    /// <summary>
    /// Makes room for a query that cannot begin. That is the case if its client has only long queries open, or if the client has none and all open
    /// queries are long. Refuses a paused query of the client with the most open queries: the query that has run for the shortest time.
    /// </summary>
    private void MakeRoom()
    {
        foreach (var client in _turns.Where(turn => !MayOpen(turn)).Select(turn => turn.Client!).Distinct())
        {
            var open = _turns.Where(turn => turn.IsOpen && (client.Open == 0 || turn.Client == client)).ToList();
            if (open.Exists(turn => turn.Level < Long))
            {
                continue;
            }

            var paused = open.Where(turn => turn is { State: QueryState.Waiting, IsRefusable: true });
            if (paused.MaxBy(turn => (turn.Client!.Open, -turn.Ran)) is { } refused)
            {
                refused.Refusal = $"Broken off: {open.Count} long queries are open, and a new query needs a place (Storage:OpenQueries).";
                refused.Resumed.Release();
                Close(refused);
                return;
            }
        }
    }

    /// <summary>The client of a new query. If no other query of this client waits, its service is raised to the floor, so unused time is no credit.</summary>
    private QueryClient Enter(string caller)
    {
        if (!_clients.TryGetValue(caller, out var client))
        {
            _clients.Add(caller, client = new QueryClient());
        }

        client.Queries++;
        RaiseFloor(_turns.Count == 0 ? TimeSpan.Zero : _turns.Min(turn => turn.Client!.Service));
        if (client.Service < _floor && !_turns.Exists(turn => turn.Client == client && turn.State == QueryState.Waiting))
        {
            client.Service = _floor;
        }

        return client;
    }

    private void RaiseFloor(TimeSpan service) => _floor = service > _floor ? service : _floor;

    /// <summary>
    /// Removes clients without a query. While other clients have queries, it removes only clients at the floor, so that no client can reset its
    /// service.
    /// </summary>
    private void Forget()
    {
        foreach (var (caller, client) in _clients)
        {
            if (client.Queries == 0 && (_turns.Count == 0 || client.Service <= _floor))
            {
                _clients.Remove(caller);
            }
        }
    }
}
