using Akka.Actor;
using AllInOne.Core.Supervision;
using Microsoft.Extensions.Logging;

namespace AllInOne.Core.Backups;

/// <summary>
/// <c>/user/backups</c>: makes the requested backups (<see cref="Backups"/>), one at a time, on a thread of the pool, and then deletes the oldest
/// archives. A failed backup is an outcome, not a failure of this actor. When the actor stops or restarts, the backup is cancelled.
/// </summary>
internal sealed partial class BackupsActor : TreeActor
{
    private readonly Backups _backups;
    private readonly BackupMaker _maker;
    private readonly int _keep;
    private readonly Readiness _readiness;
    private readonly ILogger _log;
    private Action _cancel = () => { };

    public BackupsActor(Backups backups, BackupMaker maker, int keep, Readiness readiness, ILogger log) =>
        (_backups, _maker, _keep, _readiness, _log) = (backups, maker, keep, readiness, log);

    /// <summary>Make this backup.</summary>
    public sealed record Make(BackupRun Run, Backups Backups) : IRefusable
    {
        public void Refuse(string reason, IActorRef? sender) =>
            Backups.End(Run, new BackupSnapshot(Run.Name, BackupState.Failed, Error: "backups were stopped before it began"));
    }

    private sealed record Made(BackupSnapshot Outcome, IReadOnlyList<BackupName> Deleted, string? NotDeleted);

    protected override void PreStart()
    {
        _backups.Maker.Attach(Self);
        _readiness.Ready(BackupsModule.Name);
    }

    protected override void OnRestarting(object? message) => Cancel();

    protected override void PostStop()
    {
        _backups.Maker.Detach();
        Cancel();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Make make:
                OnMake(make.Run);
                break;
            case Made made:
                OnMade(made);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    // The thread ends the run when it has cleaned up. Until then no other run begins.
    private void Cancel() => _cancel();

    private void OnMake(BackupRun run)
    {
        // It needs no disposal: it has no timer and no handle.
        var source = new CancellationTokenSource();
        _cancel = source.Cancel;
        Task.Run(() => Work(run, source.Token), CancellationToken.None).PipeTo(Self);
    }

    private void OnMade(Made made)
    {
        var outcome = made.Outcome;
        if (outcome.State == BackupState.Done)
        {
            LogMade(outcome.Name, outcome.Bytes);
        }
        else
        {
            LogFailed(outcome.Name, outcome.Error!);
        }

        foreach (var deleted in made.Deleted)
        {
            LogDeleted(deleted);
        }

        if (made.NotDeleted is { } reason)
        {
            LogNotDeleted(reason);
        }
    }

    private Made Work(BackupRun run, CancellationToken cancel)
    {
        var outcome = Attempt(run, cancel);
        IReadOnlyList<BackupName> deleted = [];
        string? notDeleted = null;
        if (outcome.State == BackupState.Done)
        {
            try
            {
                deleted = _backups.Shelf.DeleteOld(_keep, run.Name);
            }
            catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
            {
                notDeleted = broken.Message;
            }
        }

        _backups.End(run, outcome);
        return new Made(outcome, deleted, notDeleted);
    }

    private BackupSnapshot Attempt(BackupRun run, CancellationToken cancel)
    {
        try
        {
            var path = _backups.Shelf.PathOf(run.Name);
            var manifest = _maker.Make(path, run.Name.Time, cancel);
            return new BackupSnapshot(run.Name, BackupState.Done, new FileInfo(path).Length, manifest.Files);
        }
        catch (OperationCanceledException)
        {
            return new BackupSnapshot(run.Name, BackupState.Failed, Error: "backups were stopped while it was made");
        }
        catch (Exception broken)
        {
            // A boundary: the callers that wait for the run must get an outcome, whatever the exception is.
            return new BackupSnapshot(run.Name, BackupState.Failed, Error: broken.Message.ReplaceLineEndings(" "));
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The backup {Name} is made: {Bytes} bytes")]
    private partial void LogMade(BackupName name, long bytes);

    [LoggerMessage(Level = LogLevel.Error, Message = "The backup {Name} cannot be made: {Reason}")]
    private partial void LogFailed(BackupName name, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The backup {Name} is deleted for its age")]
    private partial void LogDeleted(BackupName name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old backups cannot be deleted: {Reason}")]
    private partial void LogNotDeleted(string reason);
}
