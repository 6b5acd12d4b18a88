using AllInOne.Core.Storage;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values;

namespace AllInOne.Core.Backups;

/// <summary>
/// Backups of all database files, made while the server runs: begun one at a time, listed, read and deleted.
/// Owned by the program, used from any thread; <c>/user/backups</c> does the work. When that actor stops or restarts, the backup being
/// made fails and nothing is left of it. A failure is an outcome, and the last one stays in the list until a backup succeeds.
/// </summary>
public sealed class Backups
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private BackupRun? _running;
    private long _begun;
    private BackupSnapshot? _lastFailure;

    internal Backups(BackupShelf shelf, TimeProvider clock) => (Shelf, _clock) = (shelf, clock);

    internal BackupShelf Shelf { get; }

    /// <summary>The address of <c>/user/backups</c>.</summary>
    internal ActorAddress Maker { get; } = new("/user/backups", capacity: 0);

    /// <summary>Begins a backup, unless one is being made already: then that one, and false.</summary>
    /// <exception cref="UnavailableException"><c>/user/backups</c> is stopped.</exception>
    public (BackupRun Run, bool Begun) Begin()
    {
        if (Maker.Current is null)
        {
            throw new UnavailableException("Backups are stopped.");
        }

        BackupRun? run = null;
        while (run is null)
        {
            long begun;
            BackupName? failed;
            lock (_gate)
            {
                (begun, failed) = (_begun, _lastFailure?.Name);
            }

            // The disk may be slow, so no lock is held here.
            var name = FreeName(failed);
            lock (_gate)
            {
                if (_running is { } other)
                {
                    return (other, false);
                }

                if (_begun == begun)
                {
                    // Else another one has begun and ended meanwhile, which may have taken the name.
                    _begun++;
                    run = _running = new BackupRun(name);
                }
            }
        }

        Maker.Tell(new BackupsActor.Make(run, this));
        return (run, true);
    }

    /// <summary>The one that is being made, the last failure, and all that are there, the newest first.</summary>
    /// <exception cref="StorageException">The directory cannot be read.</exception>
    public IReadOnlyList<BackupSnapshot> List()
    {
        IEnumerable<BackupSnapshot> attempts;
        lock (_gate)
        {
            attempts = new[] { _running is { } run ? new BackupSnapshot(run.Name, BackupState.Running) : null, _lastFailure }.OfType<BackupSnapshot>();
        }

        return OnDisk<IReadOnlyList<BackupSnapshot>>(() => [.. attempts, .. Shelf.List().ExceptBy(attempts.Select(one => one.Name), one => one.Name)]);
    }

    /// <summary>The attempt of this name, where it is one: being made, or the last that failed.</summary>
    public BackupSnapshot? FindAttempt(BackupName name)
    {
        lock (_gate)
        {
            return _running?.Name == name ? new BackupSnapshot(name, BackupState.Running)
                : _lastFailure?.Name == name ? _lastFailure : null;
        }
    }

    /// <summary>The archive; null when there is none of this name.</summary>
    /// <exception cref="StorageException">It cannot be read.</exception>
    public FileStream? Open(BackupName name) => OnDisk(() => Shelf.Open(name));

    /// <summary>Deletes the archive; false when there is none of this name.</summary>
    /// <exception cref="StorageException">It cannot be deleted.</exception>
    public bool Delete(BackupName name) => OnDisk(() => Shelf.Delete(name));

    /// <summary>The outcome of the run: another one may begin.</summary>
    internal void End(BackupRun run, BackupSnapshot outcome)
    {
        lock (_gate)
        {
            _running = null;
            _lastFailure = outcome.State == BackupState.Failed ? outcome : null;
        }

        run.End(outcome);
    }

    /// <summary>Not that of the failed attempt, either: each name is one attempt.</summary>
    private BackupName FreeName(BackupName? failed)
    {
        var time = _clock.GetUtcNow();
        while (BackupName.At(time) is var name)
        {
            if (name != failed && !File.Exists(Shelf.PathOf(name)))
            {
                return name;
            }

            time = time.AddMilliseconds(1);
        }

        throw new InvalidOperationException("There is no end of names.");
    }

    private T OnDisk<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(Shelf.Directory, $"The backups cannot be reached: {broken.Message}", broken);
        }
    }
}
