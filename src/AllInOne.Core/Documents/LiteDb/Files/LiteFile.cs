using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AllInOne.Core.Storage;
using LiteDB;
using LiteDB.Engine;

namespace AllInOne.Core.Documents.LiteDb.Files;

/// <summary>
/// documents.db and its log, open and locked for this process. It outlives the instances of the engine. The data file is recognised by a number of its
/// own, made of the time of its creation and a random number, which its log carries too.
/// </summary>
internal sealed class LiteFile : IDisposable
{
    public const string Name = "documents.db";

    private const string LogSuffix = "-log";
    private const string NewSuffix = ".new";
    /// <summary>The names of the data file and its log.</summary>
    public static IReadOnlyList<string> Names { get; } = [Name, Name + LogSuffix];

    private const int MarkOffset = 32;
    private const int VersionOffset = 59;
    private const int CreatedOffset = 68;
    private const int UserVersionOffset = 76;
    private const int InvalidOffset = 191;
    private const int HeadBytes = 192;
    private const byte Version = 8;
    private const byte OldVersion = 7;

    private static readonly byte[] Mark = "** This is a LiteDB file **"u8.ToArray();

    private readonly FileIdentity? _data;
    private readonly FileIdentity? _log;

    private LiteFile(string path, IFileIo data, Func<string, IFileIo> open, long keptLogBytes)
    {
        (Path, Data) = (path, data);
        var owner = Owner(path, data);
        var log = open(path + LogSuffix);
        try
        {
            Log = new LogFile(log, path + LogSuffix, owner, keptLogBytes);
        }
        catch
        {
            log.Dispose();
            throw;
        }

        LogIo = log;
        (_data, _log) = (FileIdentity.Of(path), FileIdentity.Of(path + LogSuffix));
    }

    public string Path { get; }

    public IFileIo Data { get; }

    public LogFile Log { get; }

    private IFileIo LogIo { get; }

    /// <summary>Opens or creates the file.</summary>
    /// <param name="directory">The data directory, which this process holds.</param>
    /// <param name="keptLogBytes">The size that an empty log may keep.</param>
    /// <param name="open">Opens a file, or creates it.</param>
    /// <exception cref="StorageException">The file cannot be used; one line says why.</exception>
    public static LiteFile Open(string directory, long keptLogBytes, Func<string, IFileIo> open)
    {
        var path = System.IO.Path.Combine(directory, Name);
        IFileIo? data = null;
        try
        {
            File.Delete(path + NewSuffix);
            if (!File.Exists(path))
            {
                Create(path, open);
            }

            data = open(path);
            return new LiteFile(path, data, open, keptLogBytes);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or LiteException)
        {
            data?.Dispose();
            throw new StorageException(path, $"{path} cannot be opened: {broken.Message}", broken);
        }
        catch (StorageException)
        {
            data?.Dispose();
            throw;
        }
    }

    /// <exception cref="FileGoneException">The data file or its log was deleted or replaced. Nothing can be stored any more.</exception>
    public void MustBeWhole()
    {
        if (FileIdentity.Of(Path) != _data)
        {
            throw new FileGoneException(Path);
        }

        if (FileIdentity.Of(Path + LogSuffix) != _log)
        {
            throw new FileGoneException(Path + LogSuffix);
        }
    }

    public void Dispose()
    {
        LogIo.Dispose();
        Data.Dispose();
    }

    // The file is complete before it gets its name, so an interrupted creation leaves nothing that a later start could open.
    private static void Create(string path, Func<string, IFileIo> open)
    {
        using (var data = open(path + NewSuffix))
        {
            var stream = new DataStream(data);
            using (var engine = new LiteEngine(new EngineSettings
            {
                DataStream = stream,
                LogStream = new MemoryStream(),
                TempStream = new MemoryStream(),
                Collation = new Collation(CultureInfo.InvariantCulture.LCID, CompareOptions.Ordinal),
            }))
            {
                // Checkpoints are made by the writer only.
                engine.Pragma("CHECKPOINT", 0);
                engine.Pragma("USER_VERSION", RandomNumberGenerator.GetInt32(1, int.MaxValue));
                engine.Checkpoint();
            }

            if (stream.Fault is { } fault || !stream.IsSynced)
            {
                throw new IOException(stream.Fault?.Message ?? "it was not brought to the disk");
            }
        }

        // A log without its data file belongs to nothing.
        File.Delete(path + LogSuffix);
        File.Move(path + NewSuffix, path);
        DirectorySync.Flush(System.IO.Path.GetDirectoryName(path)!);
    }

    private static UInt128 Owner(string path, IFileIo data)
    {
        if (data.Length < LogFile.PageBytes)
        {
            throw new StorageException(path, $"{path} is no LiteDB file: it has {data.Length} bytes");
        }

        var head = new byte[HeadBytes];
        data.Read(head, 0);
        if (head[0] == 1)
        {
            throw new StorageException(path, $"{path} is encrypted with a password: this server does not use such a file");
        }

        var isMarked = head.AsSpan(MarkOffset, Mark.Length).SequenceEqual(Mark);
        if (!isMarked && head.AsSpan().IndexOf(Encoding.ASCII.GetBytes("LiteDB file")) >= 0)
        {
            throw new StorageException(path, $"{path} is a file of LiteDB {OldVersion - 3} or older: only LiteDB 5 files can be used");
        }

        if (!isMarked || head[VersionOffset] != Version)
        {
            throw new StorageException(path, $"{path} is no LiteDB 5 file, or its first page is damaged");
        }

        if (head[InvalidOffset] != 0)
        {
            throw new StorageException(path, $"{path} is marked as damaged by LiteDB: restore a backup");
        }

        return new UInt128(BinaryPrimitives.ReadUInt64LittleEndian(head.AsSpan(CreatedOffset)), BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(UserVersionOffset)));
    }
}
