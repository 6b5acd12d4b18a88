using AllInOne.Core.Documents.LiteDb.Files.Disk;
using AllInOne.Core.Storage;
using LiteDB.Engine;
using LiteDB;

namespace AllInOne.Core.Documents.LiteDb.Files;

/// <summary>
/// One engine of LiteDB over a <see cref="LiteFile"/>. A new one begins with the data file and the transactions that are on the disk in the log.
/// <para>
/// Owned by the one thread that uses the engine. When an operation has failed, or <see cref="Fault"/> is set, throw this instance away and open
/// another: nothing acknowledged is lost, and the pages that were not committed are gone. Two instances of one file must not be used side by side.
/// </para>
/// </summary>
internal sealed class GuardedEngine : IDisposable
{
    private readonly string _path;
    private readonly LogFile _file;
    private readonly LogStream _log;
    private readonly DataStream _data;
    private Exception? _failure;

    private GuardedEngine(string path, LogFile file, LogStream log, DataStream data, LiteEngine engine) =>
        (_path, _file, _log, _data, Engine) = (path, file, log, data, engine);

    public LiteEngine Engine { get; }

    /// <summary>Why this engine must be thrown away; null as long as it can be used. A read that LiteDB hides from its caller sets it too.</summary>
    public Exception? Fault => _failure ?? _log.Fault ?? _data.Fault;

    /// <summary>Whether <see cref="Checkpoint"/> is due before the first commit, see <see cref="LogFile.NeedsCheckpoint"/>.</summary>
    public bool NeedsCheckpoint => _file.NeedsCheckpoint;

    /// <summary>Opens an engine on the data file.</summary>
    /// <param name="path">The data file, for messages.</param>
    /// <exception cref="StorageException">The file cannot be used. The message is one line.</exception>
    public static GuardedEngine Open(string path, IFileIo data, LogFile file)
    {
        var log = new LogStream(file);
        var stream = new DataStream(data);
        if (file.ReadHeaderPage() is { } header)
        {
            stream.Replace(0, header);
        }

        return new GuardedEngine(path, file, log, stream, Start(path, stream, log));
    }

    /// <summary>Starts LiteDB on two streams. It opens no file itself: it sorts in memory and neither rebuilds nor upgrades a file.</summary>
    /// <exception cref="StorageException">LiteDB refuses the file, or it cannot be read.</exception>
    public static LiteEngine Start(string path, DataStream data, Stream log)
    {
        try
        {
            return new LiteEngine(new EngineSettings
            {
                DataStream = data,
                LogStream = log,
                TempStream = new MemoryStream(),
                Collation = LiteFileHeader.Ordinal,
                AutoRebuild = false,
                Upgrade = false,
            });
        }
        catch (Exception failure)
        {
            // What LiteDB throws for a damaged page is no list that could be relied on.
            throw (data.Fault ?? (log as LogStream)?.Fault) is { } fault
                ? LiteFault.Of(path, "read", fault)
                : LiteFault.Damaged(path, LiteFault.Line(failure), failure);
        }
    }

    /// <summary>
    /// Commits the transaction of this thread and brings it to the disk, with all transactions that LiteDB has committed by itself before. If it
    /// returns, they survive a loss of power.
    /// </summary>
    /// <exception cref="StorageException">
    /// The log could not take it; the transaction is not acknowledged. After a failed sync it may still be found by the next start.
    /// </exception>
    /// <exception cref="LiteException">LiteDB refuses to commit, for example because a cursor is open.</exception>
    public void Commit() => Guard("written", () =>
    {
        Engine.Commit();
        MustBeSound();
        _log.Sync();
        if (_log.HasHeld)
        {
            // LiteDB drops a transaction that has written all of its pages before the commit, and reports success.
            throw LiteFault.Of(_path, "written", new IOException("LiteDB has not confirmed the transaction"));
        }
    });

    /// <summary>
    /// Copies the log into the data file, brings this to the disk and empties the log. Call it without an open transaction or cursor. If it fails, the
    /// log still has everything.
    /// </summary>
    /// <exception cref="StorageException">The data file or the log could not be written.</exception>
    /// <exception cref="LiteException">LiteDB has found a damaged page.</exception>
    /// <exception cref="LockRecursionException">This thread has an open transaction or cursor.</exception>
    public void Checkpoint() => Guard("written", () =>
    {
        _log.Sync();
        _data.AcceptsWrites = true;
        Engine.Checkpoint();
        if (!_data.IsSynced)
        {
            _data.Flush();
        }

        MustBeSound();
        if (!_data.IsSynced)
        {
            throw LiteFault.Of(_path, "written", new IOException("not all pages are on the disk"));
        }

        _data.AcceptsWrites = false;
        if (_log.IsCleared)
        {
            _log.Reset();
        }
    });

    /// <summary>Closes the engine. Writes nothing and never throws, also after a failure. The files stay open.</summary>
    public void Dispose()
    {
        _failure ??= new ObjectDisposedException(nameof(GuardedEngine));
        _log.Detach();
        _data.Detach();
        Discard(Engine);
    }

    /// <summary>Disposes an engine in any state. Its streams must be detached, or nothing may be lost by a write.</summary>
    public static void Discard(LiteEngine engine)
    {
        EngineInternals.SuppressFinalizers(engine);
        try
        {
            engine.Dispose();
        }
        catch (Exception)
        {
            // The engine is thrown away, and its streams are detached.
        }

        EngineInternals.ReleaseThreads(engine);
    }

    /// <exception cref="StorageException">The disk has failed since this engine was opened, see <see cref="Fault"/>.</exception>
    public void MustBeSound()
    {
        if (Fault is { } fault)
        {
            throw fault is StorageException ? fault : LiteFault.Of(_path, "used", fault);
        }
    }

    private void Guard(string verb, Action action)
    {
        MustBeSound();
        try
        {
            action();
        }
        catch (Exception failure)
        {
            _failure ??= failure;
            if (failure is not StorageException && (_log.Fault ?? _data.Fault) is { } fault)
            {
                throw LiteFault.Of(_path, verb, fault);
            }

            throw;
        }
    }
}
