using Akka.Actor;
using AllInOne.Core.Supervision;
using Microsoft.Extensions.Logging;

namespace AllInOne.Core.Storage.Writing;

/// <summary>
/// The actor of a writer: it decides when the writer works. While one batch is being committed, the next batch gathers in the queue, and the WAL is
/// copied into the file at the same time. After an I/O error the actor throws; its next incarnation continues with the same batch. A checkpoint that
/// fails is only tried again, because no caller waits for it. When the actor stops, it first writes everything that is queued.
/// </summary>
internal sealed partial class WriterActor : TreeActor, IWithTimers
{
    /// <summary>
    /// A warning is logged if the WAL has more than this many times the bytes at which a checkpoint starts. It is logged once, until the WAL is small
    /// again.
    /// </summary>
    private const int LogWarning = 8;

    private static readonly TimeSpan ClockInterval = TimeSpan.FromSeconds(1);

    private readonly FileWriter _writer;
    private readonly Readiness _readiness;
    private readonly string _part;
    private readonly long _checkpointBytes;
    private readonly TimeSpan _retryDelay;
    private readonly ILogger _log;

    // The work in hand. A result for a previous incarnation has another object, and is ignored.
    private object? _attempt;
    private object? _checkpoint;
    private bool _isCheckpointLeft;
    private bool _isLogWarned;
    private StorageHealth? _reported;

    /// <param name="part">The writer's name in <paramref name="readiness"/>.</param>
    public WriterActor(FileWriter writer, StorageOptions options, Readiness readiness, string part, ILogger log)
    {
        (_writer, _readiness, _part, _log) = (writer, readiness, part, log);
        (_checkpointBytes, _retryDelay) = (options.CheckpointBytes, options.MaxRetryDelay);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        var self = Self;
        _writer.WakeBy(() => self.Tell(WorkQueued.Instance, ActorRefs.NoSender));
        _writer.Checkpointer.Open();
        _writer.Status.Started();
        Timers.StartPeriodicTimer(CheckClock.Instance, CheckClock.Instance, ClockInterval);
        ReportHealth();
        Next();
    }

    // The queue waits for the next incarnation. The connection is closed when the current batch has ended; this method does not wait for that.
    protected override void OnRestarting(object? message) => _ = Task.Run(_writer.Renew);

    protected override void PostStop()
    {
        // The only place where an actor writes on its own thread: after its stop, the queue is stored.
        var rows = _writer.Queued;
        if (_writer.Flush(NotAnswered) is { } fault)
        {
            _writer.Status.Failed(fault);
            LogNotFlushed(_writer.Name, fault.Message, _writer.Queued);
        }
        else
        {
            _writer.Status.Stopped();
            LogFlushed(_writer.Name, rows);
        }

        ReportHealth();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case WorkQueued:
                Next();
                break;
            case Written written:
                OnWritten(written);
                break;
            case Checkpointed checkpointed:
                OnCheckpointed(checkpointed);
                break;
            case CheckpointFinished finished:
                OnCheckpointFinished(finished);
                break;
            case TryCheckpoint:
                Checkpoint();
                break;
            case CheckClock:
                _writer.CheckClock();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Next()
    {
        if (_writer.Checkpointer.IsDue(quiet: false))
        {
            Checkpoint();
        }

        if (_attempt is not null || (_checkpoint is not null && _writer.Checkpointer.IsOverdue))
        {
            return;
        }

        if (_isCheckpointLeft)
        {
            var attempt = _attempt = new object();
            Task.Run(() => new CheckpointFinished(attempt, _writer.FinishCheckpoint())).PipeTo(Self);
        }
        else if (_writer.Take() is { } batch)
        {
            var attempt = _attempt = new object();
            Task.Run(() => new Written(attempt, _writer.Write(batch))).PipeTo(Self);
        }
        else if (_writer.Checkpointer.IsDue(quiet: true))
        {
            Checkpoint();
        }
    }

    /// <summary>
    /// Starts a checkpoint beside the writer, one at a time. After a fault it starts only when the delay has expired. It does not start before the
    /// rest of the previous checkpoint is copied: both need the same lock, and the WAL starts again from its beginning only after the rest is copied.
    /// </summary>
    private void Checkpoint()
    {
        if (_checkpoint is null && !_isCheckpointLeft && !Timers.IsTimerActive(TryCheckpoint.Instance))
        {
            var attempt = _checkpoint = new object();
            Task.Run(() =>
            {
                var (isLeft, fault) = _writer.Checkpointer.Run();
                return new Checkpointed(attempt, isLeft, fault);
            }).PipeTo(Self);
        }
    }

    private void OnWritten(Written written)
    {
        if (Ended(written.Attempt, written.Outcome.Fault))
        {
            if (_writer.Settle(written.Outcome, NotAnswered))
            {
                LogRecovered(_writer.Name);
            }

            ReportHealth();
            foreach (var refusal in written.Outcome.Refused)
            {
                LogRefused(_writer.Name, refusal.Reason);
            }

            Next();
        }
    }

    private void OnCheckpointed(Checkpointed checkpointed)
    {
        if (checkpointed.Attempt != _checkpoint)
        {
            return;
        }

        _checkpoint = null;
        var isNews = _writer.Status.Checkpointed(checkpointed.Fault);
        ReportHealth();
        if (checkpointed.Fault is { } fault)
        {
            LogFault(isNews ? LogLevel.Error : LogLevel.Debug, fault.Message, _writer.Queued);
            Timers.StartSingleTimer(TryCheckpoint.Instance, TryCheckpoint.Instance, _retryDelay);
        }

        _isCheckpointLeft |= checkpointed.Fault is null && _writer.Checkpointer.NeedsWriter(checkpointed.IsLeft, isWriterIdle: _attempt is null);
        Next();
    }

    private void OnCheckpointFinished(CheckpointFinished finished)
    {
        if (Ended(finished.Attempt, finished.Fault))
        {
            _isCheckpointLeft = false;
            WarnOfLog();
            Next();
        }
    }

    private void WarnOfLog()
    {
        var (held, log) = (_writer.Checkpointer.HeldBytes, _writer.Checkpointer.LogBytes);
        var isLarge = held > 0 && log > LogWarning * _checkpointBytes;
        if (isLarge && !_isLogWarned)
        {
            LogHeld(_writer.Name, log, held);
        }

        _isLogWarned = isLarge;
    }

    private bool Ended(object attempt, StorageException? fault)
    {
        if (attempt != _attempt)
        {
            return false;
        }

        _attempt = null;
        if (fault is not null)
        {
            var isNews = _writer.Status.Failed(fault);
            ReportHealth();
            LogFault(isNews ? LogLevel.Error : LogLevel.Debug, fault.Message, _writer.Queued);
            throw fault;
        }

        return true;
    }

    private void NotAnswered(Exception broken) => LogNotAnswered(broken, _writer.Name);

    private void ReportHealth()
    {
        var health = _writer.Status.Health;
        if (health == _reported)
        {
            return;
        }

        _reported = health;
        if (health.Reason is { } reason)
        {
            _readiness.NotReady(_part, reason);
        }
        else
        {
            _readiness.Ready(_part);
        }
    }

    [LoggerMessage(Message = "{Reason}; {Rows} operations wait")]
    private partial void LogFault(LogLevel level, string reason, int rows);

    [LoggerMessage(Level = LogLevel.Information, Message = "{File} is written again")]
    private partial void LogRecovered(string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File}: a row was refused: {Reason}")]
    private partial void LogRefused(string file, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{File}: a write is stored, but what follows from it failed")]
    private partial void LogNotAnswered(Exception broken, string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File}: its log has {Log} bytes, {Held} of them held by a reader that has not finished")]
    private partial void LogHeld(string file, long log, long held);

    [LoggerMessage(Level = LogLevel.Information, Message = "{File}: the writer stops, its last {Rows} operations are stored")]
    private partial void LogFlushed(string file, int rows);

    [LoggerMessage(Level = LogLevel.Error, Message = "{File}: the writer stops and could not store {Rows} operations: {Reason}")]
    private partial void LogNotFlushed(string file, string reason, int rows);

    /// <summary>The queue has operations.</summary>
    private sealed record WorkQueued
    {
        public static WorkQueued Instance { get; } = new();
    }

    private sealed record Written(object Attempt, BatchOutcome Outcome);

    private sealed record Checkpointed(object Attempt, bool IsLeft, StorageException? Fault);

    private sealed record CheckpointFinished(object Attempt, StorageException? Fault);

    /// <summary>The delay after a failed checkpoint has expired.</summary>
    private sealed record TryCheckpoint
    {
        public static TryCheckpoint Instance { get; } = new();
    }

    /// <summary>Stores the clocks soon after the wall clock was set, even if nothing else is written, because the process may crash.</summary>
    private sealed record CheckClock
    {
        public static CheckClock Instance { get; } = new();
    }
}
