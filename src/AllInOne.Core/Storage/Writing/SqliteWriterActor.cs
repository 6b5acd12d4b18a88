using AllInOne.Core.Supervision;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace AllInOne.Core.Storage.Writing;

/// <summary>
/// Decides when a file's writer works: while one batch is being committed the next one gathers in the queue. An I/O error makes it
/// throw; its next incarnation goes on with the same batch. When it stops, it first writes all that is queued.
/// </summary>
internal sealed partial class SqliteWriterActor : ReceiveActor
{
    private readonly SqliteWriter _writer;
    private readonly Readiness _readiness;
    private readonly string _part;
    private readonly ILogger _log;

    // The work in hand; what a former incarnation had begun ends with another one, and is not looked at.
    private object? _attempt;
    private StorageHealth? _reported;

    /// <param name="part">The writer's name in <paramref name="readiness"/>.</param>
    public SqliteWriterActor(SqliteWriter writer, Readiness readiness, string part, ILogger log)
    {
        (_writer, _readiness, _part, _log) = (writer, readiness, part, log);
        Receive<Drain>(_ => Next());
        Receive<Written>(OnWritten);
        Receive<Checkpointed>(OnCheckpointed);
    }

    protected override void PreStart()
    {
        var self = Self;
        _writer.Queue.WakeBy(() => self.Tell(Drain.Instance, ActorRefs.NoSender));
        _writer.Status.Started();
        ReportHealth();
        Next();
    }

    protected override void PreRestart(Exception reason, object? message)
    {
        // Not PostStop: the queue waits for the next incarnation. Nor is the batch under way waited for here; the connection is
        // closed as soon as it has ended.
        _ = Task.Run(_writer.Dispose);
    }

    protected override void PostStop()
    {
        // The one place where an actor writes on its own thread: whoever waits for its end may rely on the queue being stored.
        var rows = _writer.Queue.Rows;
        if (_writer.Flush() is { } fault)
        {
            _writer.Status.Failed(fault);
            LogNotFlushed(_writer.File.Name, fault.Message, _writer.Queue.Rows);
        }
        else
        {
            _writer.Status.Stopped();
            LogFlushed(_writer.File.Name, rows);
        }

        ReportHealth();
    }

    private void Next()
    {
        if (_attempt is not null)
        {
            return;
        }

        if (_writer.CheckpointIsDue(quiet: false))
        {
            Checkpoint();
        }
        else if (_writer.Queue.Take() is { } batch)
        {
            var attempt = _attempt = new object();
            Task.Run(() => new Written(attempt, _writer.Write(batch))).PipeTo(Self);
        }
        else if (_writer.CheckpointIsDue(quiet: true))
        {
            Checkpoint();
        }
    }

    private void Checkpoint()
    {
        var attempt = _attempt = new object();
        Task.Run(() => new Checkpointed(attempt, _writer.Checkpoint())).PipeTo(Self);
    }

    private void OnWritten(Written written)
    {
        if (Ended(written.Attempt, written.Outcome.Fault))
        {
            _writer.Settle(written.Outcome);
            ReportHealth();
            foreach (var refusal in written.Outcome.Refused)
            {
                LogRefused(_writer.File.Name, refusal.Reason);
            }

            Next();
        }
    }

    private void OnCheckpointed(Checkpointed checkpointed)
    {
        if (Ended(checkpointed.Attempt, checkpointed.Fault))
        {
            Next();
        }
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
            _writer.Status.Failed(fault);
            ReportHealth();
            LogFault(fault.Message, _writer.Queue.Rows);
            throw fault;
        }

        return true;
    }

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

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reason}; {Rows} operations wait")]
    private partial void LogFault(string reason, int rows);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File}: a row was refused: {Reason}")]
    private partial void LogRefused(string file, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{File}: the writer stops, its last {Rows} operations are stored")]
    private partial void LogFlushed(string file, int rows);

    [LoggerMessage(Level = LogLevel.Error, Message = "{File}: the writer stops and could not store {Rows} operations: {Reason}")]
    private partial void LogNotFlushed(string file, string reason, int rows);

    /// <summary>There is something in the queue.</summary>
    private sealed record Drain
    {
        public static Drain Instance { get; } = new();
    }

    private sealed record Written(object Attempt, BatchOutcome Outcome);

    private sealed record Checkpointed(object Attempt, StorageException? Fault);
}
