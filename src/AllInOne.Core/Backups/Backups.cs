using AllInOne.Core.Storage;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values;

namespace AllInOne.Core.Backups;

/// <summary>
/// The backups of all database files. They are made while the server runs, one at a time, and can be listed, read and deleted. Owned by the program,
/// thread-safe; <c>/user/backups</c> does the work. When this actor stops or restarts, the active backup fails, and nothing is left of it. A failure
/// is an outcome; the last one stays in the list until a backup succeeds.
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

    /// <summary>Begins a backup. If a backup is active already, returns that one, and false.</summary>
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
                    // Otherwise another backup has begun and ended in the meantime, and may have taken the name.
                    _begun++;
                    run = _running = new BackupRun(name);
                }
            }
        }

        Maker.Tell(new BackupsActor.Make(run, this));
        return (run, true);
    }

    /// <summary>The active backup, the last failure, and all archives, newest first.</summary>
    /// <exception cref="UnavailableException">The directory cannot be read.</exception>
    public IReadOnlyList<BackupSnapshot> List()
    {
        IEnumerable<BackupSnapshot> attempts;
        lock (_gate)
        {
            attempts = new[] { _running is { } run ? new BackupSnapshot(run.Name, BackupState.Running) : null, _lastFailure }.OfType<BackupSnapshot>();
        }

        return OnDisk<IReadOnlyList<BackupSnapshot>>(() => [.. attempts, .. Shelf.List().ExceptBy(attempts.Select(one => one.Name), one => one.Name)]);
    }

    /// <summary>The attempt with this name, if it is the active one or the last failed one; otherwise null.</summary>
    public BackupSnapshot? FindAttempt(BackupName name)
    {
        lock (_gate)
        {
            return _running?.Name == name ? new BackupSnapshot(name, BackupState.Running)
                : _lastFailure?.Name == name ? _lastFailure : null;
        }
    }

    /// <summary>Opens an archive for reading; null if it does not exist.</summary>
    /// <exception cref="StorageException">The archive cannot be read.</exception>
    public FileStream? Open(BackupName name) => OnDisk(() => Shelf.Open(name));

    /// <summary>Deletes an archive. Returns false if it does not exist.</summary>
    /// <exception cref="StorageException">The archive cannot be deleted.</exception>
    public bool Delete(BackupName name) => OnDisk(() => Shelf.Delete(name));

    /// <summary>Sets the outcome of the run. Then another run may begin.</summary>
    internal void End(BackupRun run, BackupSnapshot outcome)
    {
        lock (_gate)
        {
            _running = null;
            _lastFailure = outcome.State == BackupState.Failed ? outcome : null;
        }

        run.End(outcome);
    }

    /// <summary>A name that no archive and no failed attempt has, because each name means one attempt.</summary>
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
