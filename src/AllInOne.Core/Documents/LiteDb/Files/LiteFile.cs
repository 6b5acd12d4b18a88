using AllInOne.Core.Documents.LiteDb.Files.Disk;
using AllInOne.Core.Storage;

namespace AllInOne.Core.Documents.LiteDb.Files;

/// <summary>
/// An open data file of LiteDB, <c>documents.db</c>, with its log, <c>documents.db-log</c>. Both are locked against other processes until it is
/// disposed. It outlives the engines: when one has failed, <see cref="OpenEngine"/> starts another on the same open files. One thread at a time uses
/// it.
/// </summary>
internal sealed class LiteFile : IDisposable
{
    /// <summary>What the name of the log has behind the name of the data file.</summary>
    public const string LogSuffix = "-log";

    private readonly IFileIo _data;
    private readonly FileIdentity? _dataIdentity;
    private readonly FileIdentity? _logIdentity;

    private LiteFile(string path, IFileIo data, LogFile log, DataFileId id)
    {
        (Path, _data, Log, Id) = (path, data, log, id);
        (_dataIdentity, _logIdentity) = (FileIdentity.Of(path), FileIdentity.Of(LogPath));
    }

    public string Path { get; }

    public string LogPath => Path + LogSuffix;

    public DataFileId Id { get; }

    public LogFile Log { get; }

    /// <summary>
    /// Whether the names still belong to the files that are open. A deleted or replaced file can still be written, but the data is lost when it is
    /// closed. Check it before and after each batch.
    /// </summary>
    public bool IsWhole => MissingPath is null;

    private string? MissingPath =>
        _dataIdentity is null || FileIdentity.Of(Path) != _dataIdentity ? Path
        : _logIdentity is null || FileIdentity.Of(LogPath) != _logIdentity ? LogPath
        : null;

    /// <summary>Opens the data file and its log, and creates both if there is none.</summary>
    /// <param name="opener">Opens the files; a test passes one whose disk fails.</param>
    /// <exception cref="StorageException">A file cannot be used. The message is one line that names the file, the fault and the remedy.</exception>
    public static LiteFile Open(string path, FileOpener? opener = null)
    {
        opener ??= DiskFile.Open;
        var log = path + LogSuffix;
        NewLiteFile.DeleteRemains(path, log, opener);
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            NewLiteFile.Create(path, log, opener);
        }

        // The data file is locked first, so the log of a running process is not even read.
        var data = LiteFault.Opening(path, () => opener(path, FileMode.Open));
        try
        {
            var start = Start(path, data);
            var blank = start.Length == LiteFileHeader.Bytes && LiteFileHeader.IsBlank(start);
            var known = blank ? default : LiteFileHeader.Identify(path, start);
            var file = LogFile.Open(log, opener);
            try
            {
                // A checkpoint that lost power may leave a blank first block. The log then has the header page.
                known = blank ? LiteFileHeader.Identify(path, file.ReadHeaderPage() ?? start) : known;
                file.MustBelongTo(known);
                return new LiteFile(path, data, file, known);
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    /// <summary>Starts an engine. Dispose the one before first.</summary>
    /// <exception cref="StorageException">The file is gone, cannot be read or is damaged.</exception>
    public GuardedEngine OpenEngine()
    {
        MustBeWhole();
        return GuardedEngine.Open(Path, _data, Log);
    }

    /// <summary>Throws if a file was deleted or replaced, see <see cref="IsWhole"/>.</summary>
    /// <exception cref="FileGoneException">A file was deleted or replaced.</exception>
    public void MustBeWhole()
    {
        if (MissingPath is { } missing)
        {
            throw new FileGoneException(missing);
        }
    }

    /// <summary>Closes the files and ends the lock. Dispose the engine first. Writes nothing.</summary>
    public void Dispose()
    {
        Log.Dispose();
        _data.Dispose();
    }

    private static byte[] Start(string path, IFileIo data)
    {
        try
        {
            var start = new byte[LiteFileHeader.Bytes];
            return start[..data.Read(0, start)];
        }
        catch (IOException broken)
        {
            throw LiteFault.Of(path, "read", broken);
        }
    }
}
