using System.Diagnostics;

namespace AllInOne.Core.Storage.Sqlite;

/// <summary>
/// One query on its way through the lanes. It begins in the first lane. A query that has run for longer than its lane's slice moves to
/// the next lane, without a pause where a place is free there. Where none is free it runs until another query waits for its
/// place. Then it is interrupted, waits for the next lane and starts again; it holds no read transaction while it waits. A short query
/// therefore waits for slices, never for the end of a long query.
/// </summary>
internal sealed class QueryTurn(IReadOnlyList<QueryLane> lanes, string caller) : IDisposable
{
    private int _lane;
    private long _began;
    private bool _isInside;

    /// <summary>It gave up its place to another query; <see cref="EnterAsync"/> waits for the next one.</summary>
    public bool GaveWay { get; private set; }

    /// <summary>How long it has run since its last begin.</summary>
    public TimeSpan Ran => Stopwatch.GetElapsedTime(_began);

    /// <summary>How many queries run in the lane that it is in or waits for.</summary>
    public int Places => lanes[_lane].Places;

    public bool IsFirstLane => _lane == 0;

    /// <summary>Waits for a place in its lane; false when none came in time.</summary>
    public async Task<bool> EnterAsync(TimeSpan wait, CancellationToken cancel) =>
        _isInside = await lanes[_lane].EnterAsync(caller, wait, cancel).ConfigureAwait(false);

    /// <summary>On the query's thread, before its first step.</summary>
    public void Begin() => (_began, GaveWay) = (Stopwatch.GetTimestamp(), false);

    /// <summary>On the query's thread, every few steps; false when it has to stop and wait for its next place.</summary>
    public bool MayContinue()
    {
        var lane = lanes[_lane];
        if (lane.Slice is not { } slice || Ran < slice)
        {
            return true;
        }

        var next = lanes[_lane + 1].TryEnter(caller);
        if (!next && !lane.IsWanted)
        {
            return true;
        }

        lane.Leave(caller);
        _lane++;
        (_isInside, GaveWay) = (next, !next);
        return next;
    }

    public void Dispose()
    {
        if (_isInside)
        {
            _isInside = false;
            lanes[_lane].Leave(caller);
        }
    }
}
