using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace AllInOne.Core.Storage.History;

/// <summary>
/// <c>/user/storage/retention</c>: has what is too old deleted, a little at a time and behind what waits to be written. It keeps
/// nothing: after a restart it looks again. While the disk fails, its request waits in the queue as all others do.
/// </summary>
internal sealed partial class RetentionActor : ReceiveActor, IWithTimers
{
    public const string Name = "retention";

    private readonly HistoryStore _history;
    private readonly HistoryOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private long _deleted;

    public RetentionActor(HistoryStore history, HistoryOptions options, TimeProvider clock, ILogger log)
    {
        (_history, _options, _clock, _log) = (history, options, clock, log);
        Receive<Look>(_ => Sweep());
        Receive<SweepHistory.Swept>(OnSwept);
        Receive<SweepHistory.NotSwept>(refused =>
        {
            LogRefused(refused.Reason);
            Rest();
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        if (_options.Retention > TimeSpan.Zero)
        {
            Sweep();
        }
    }

    private void Sweep() => _history.Sweep(_clock.GetUtcNow() - _options.Retention, _options.SweepRows, Self);

    private void OnSwept(SweepHistory.Swept swept)
    {
        _deleted += swept.Deleted;
        if (swept.MayBeMore)
        {
            Sweep();
            return;
        }

        if (_deleted > 0)
        {
            LogDeleted(_deleted, _options.Retention);
            _deleted = 0;
        }

        Rest();
    }

    private void Rest() => Timers.StartSingleTimer(Look.Instance, Look.Instance, _options.SweepInterval);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Count} events older than {Retention} are deleted from history")]
    private partial void LogDeleted(long count, TimeSpan retention);

    [LoggerMessage(Level = LogLevel.Warning, Message = "History could not be swept: {Reason}")]
    private partial void LogRefused(string reason);

    private sealed record Look
    {
        public static Look Instance { get; } = new();
    }
}
