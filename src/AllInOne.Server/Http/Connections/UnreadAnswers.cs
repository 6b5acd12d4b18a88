using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace AllInOne.Server.Http.Connections;

/// <summary>
/// The watch over the connections of one web host: it aborts a connection if bytes wait and the client acknowledges none of them for the limit. A
/// client that reads slowly keeps its connection if it reads enough for an acknowledgement within the limit (docs/http.md). One timer serves all
/// connections; it checks them four times within the limit. Live connections have the same rule with a limit of their own, and are skipped.
/// </summary>
internal sealed partial class UnreadAnswers : IDisposable
{
    /// <summary>The limit when the web host stops: clients without progress must not use up the time of the drain.</summary>
    public static readonly TimeSpan LimitAtStop = TimeSpan.FromSeconds(2);

    private const int ChecksPerLimit = 4;
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<WatchedConnection, bool> _open = [];
    private readonly Lock _looking = new();
    private readonly RequestFigures _figures;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly ITimer _timer;
    private TimeSpan _limit;
    private long? _loggedAt;
    private int _unlogged;
    private EndPoint? _lastPeer;

    public UnreadAnswers(TimeSpan limit, RequestFigures figures, TimeProvider clock, ILogger log)
    {
        (_limit, _figures, _clock, _log) = (limit, figures, clock, log);
        _timer = clock.CreateTimer(static state => ((UnreadAnswers)state!).Check(), this, limit / ChecksPerLimit, limit / ChecksPerLimit);
    }

    /// <summary>Serves a connection by <paramref name="next"/> and watches it until its last byte is sent.</summary>
    public async Task WatchAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket)
        {
            await next(connection);
            return;
        }

        var watched = new WatchedConnection(connection, socket, _clock);
        connection.Features.Set(watched);
        _open.TryAdd(watched, true);
        try
        {
            await next(connection);
        }
        finally
        {
            // The end of an answer may still wait in the transport. Kestrel would wait for it only after this method, without the limit.
            try
            {
                await connection.DisposeAsync();
            }
            finally
            {
                _open.TryRemove(watched, out _);
            }
        }
    }

    /// <summary>Applies <see cref="LimitAtStop"/> from now on, unless the limit is shorter, because the web host stops.</summary>
    public void UseStopLimit()
    {
        lock (_looking)
        {
            _limit = _limit < LimitAtStop ? _limit : LimitAtStop;
            _timer.Change(TimeSpan.Zero, _limit / ChecksPerLimit);
        }
    }

    public void Dispose()
    {
        lock (_looking)
        {
            _timer.Dispose();
            Report();
        }
    }

    private void Check()
    {
        if (!_looking.TryEnter())
        {
            // The previous check is still running.
            return;
        }

        try
        {
            foreach (var (connection, _) in _open)
            {
                if (connection.IsStalled(_limit))
                {
                    connection.Abort($"The client has acknowledged nothing for {_limit}.");
                    _open.TryRemove(connection, out var _);
                    _figures.AnswerUnread();
                    (_unlogged, _lastPeer) = (_unlogged + 1, connection.Peer);
                }
            }

            if (_loggedAt is not { } last || _clock.GetElapsedTime(last) >= LogInterval)
            {
                Report();
            }
        }
        finally
        {
            _looking.Exit();
        }
    }

    private void Report()
    {
        if (_unlogged > 0)
        {
            LogUnread(_log, _unlogged, _limit, _lastPeer);
            (_loggedAt, _unlogged) = (_clock.GetTimestamp(), 0);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Connections cut off: {Count}. The client acknowledged no byte of its answer for {Limit}; the last client was {Peer}")]
    private static partial void LogUnread(ILogger log, int count, TimeSpan limit, EndPoint? peer);
}
