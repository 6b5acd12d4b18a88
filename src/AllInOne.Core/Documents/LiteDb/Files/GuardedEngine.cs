using System.Diagnostics.CodeAnalysis;
using LiteDB.Engine;

namespace AllInOne.Core.Documents.LiteDb.Files;

/// <summary>
/// One instance of LiteDB's engine on our own streams. After any exception it must be thrown away: a new instance opens the file with exactly the
/// transactions that were committed here. For one thread at a time.
/// </summary>
internal sealed class GuardedEngine : IDisposable
{
    private readonly LiteFile _file;
    private readonly DataStream _data;
    private readonly LogStream _log;

    /// <exception cref="Exception">The file cannot be read.</exception>
    public GuardedEngine(LiteFile file)
    {
        _file = file;
        (_data, _log) = (new DataStream(file.Data), new LogStream(file.Log));
        Engine = new LiteEngine(new EngineSettings { DataStream = _data, LogStream = _log, TempStream = new MemoryStream() });
    }

    public LiteEngine Engine { get; }

    /// <summary>Commits the transaction of this thread. When it returns, the transaction survives a loss of power.</summary>
    /// <exception cref="IOException">The disk refuses it. The transaction is not committed.</exception>
    public void Commit()
    {
        Engine.Commit();
        MustBeSound();
        _log.Sync();
    }

    /// <summary>Copies the log into the data file, and empties the log when the data file is on the disk.</summary>
    /// <exception cref="IOException">The disk refuses it. The log still has everything.</exception>
    public void Checkpoint()
    {
        _log.Sync();
        if (_file.Log.Count == 0)
        {
            return;
        }

        Engine.Checkpoint();
        MustBeSound();
        if (!_data.IsSynced)
        {
            throw new IOException($"{_file.Path} was not brought to the disk.");
        }

        _log.Reset();
    }

    /// <exception cref="IOException">The disk has failed since this engine was opened.</exception>
    public void MustBeSound()
    {
        if ((_data.Fault ?? _log.Fault) is { } fault)
        {
            throw new IOException(fault.Message, fault);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "The engine is thrown away; its file has everything that was acknowledged.")]
    public void Dispose()
    {
        LiteInternals.SuppressFinalizers(Engine);
        try
        {
            Engine.Dispose();
        }
        catch (Exception)
        {
            // After a failure its state is not defined.
        }
    }
}
