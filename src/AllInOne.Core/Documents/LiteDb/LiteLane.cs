using AllInOne.Core.Documents.LiteDb.Files;
using AllInOne.Core.Storage;
using AllInOne.Core.Values;

namespace AllInOne.Core.Documents.LiteDb;

/// <summary>
/// The one lane to the file: reads and writes take turns, one at a time, because LiteDB does not survive two threads. After any failure in a turn the
/// engine is thrown away, and the next turn opens it again. Thread-safe.
/// </summary>
internal sealed class LiteLane(LiteFile file) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private GuardedEngine? _engine;
    private LiteCatalog? _catalog;

    public LiteFile File => file;

    /// <summary>Waits for a turn and works in it.</summary>
    /// <exception cref="StorageException">The file cannot be used.</exception>
    public async Task<T> RunAsync<T>(Func<GuardedEngine, LiteCatalog, T> work, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            return Use(work);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The same; blocks. For the start and for the writer, whose thread does nothing else.</summary>
    /// <exception cref="StorageException">The file cannot be used.</exception>
    public T Run<T>(Func<GuardedEngine, LiteCatalog, T> work)
    {
        _turn.Wait();
        try
        {
            return Use(work);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Throws the engine away; the next turn opens it again.</summary>
    public void Renew()
    {
        _turn.Wait();
        Discard();
        _turn.Release();
    }

    public void Dispose()
    {
        Renew();
        file.Dispose();
    }

    // For the thread that has the turn.
    private T Use<T>(Func<GuardedEngine, LiteCatalog, T> work)
    {
        try
        {
            file.MustBeWhole();
            var engine = _engine ??= Open();
            var done = work(engine, _catalog ??= ReadCatalog(engine));
            engine.MustBeSound();
            file.MustBeWhole();
            return done;
        }
        catch (Exception ours) when (ours is CollectionGoneException or UnavailableException)
        {
            // Thrown by the work itself, between two calls of the engine.
            throw;
        }
        catch (Exception broken)
        {
            Discard();
            throw broken as StorageException ?? new StorageException(file.Path, $"{file.Path} cannot be used: {Excerpt.Of(broken.Message, Excerpt.Message)}", broken);
        }
    }

    private GuardedEngine Open()
    {
        var engine = file.OpenEngine();
        if (engine.NeedsCheckpoint)
        {
            engine.Checkpoint();
        }

        return engine;
    }

    private static LiteCatalog ReadCatalog(GuardedEngine engine)
    {
        var catalog = LiteCatalog.Read(engine.Engine);
        if (catalog.DropDeleted(engine.Engine))
        {
            engine.Commit();
        }

        return catalog;
    }

    private void Discard()
    {
        _engine?.Dispose();
        (_engine, _catalog) = (null, null);
    }
}
