using Akka.Actor;
using AllInOne.Core.Documents;
using AllInOne.Core.Documents.Engine;
using AllInOne.Core.Documents.LiteDb;
using AllInOne.Core.Events.History;
using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Supervision;
using Microsoft.Extensions.Logging;

namespace AllInOne.Core.Data;

/// <summary>
/// The module of the database files: it opens them and specifies the actors that write them. The stores outlive the actors. Dispose of it after
/// <c>/user/storage</c> has stopped.
/// </summary>
public sealed partial class StorageModule : IDisposable
{
    /// <summary>
    /// The name of the child of <c>/user</c>, and of the part in <see cref="Readiness"/>. Each writer is a separate part whose name begins with it.
    /// </summary>
    public const string Name = "storage";

    private readonly ILogger _log;

    /// <param name="directory">The directory of the files.</param>
    /// <param name="readiness">Notified of the health of each writer.</param>
    /// <exception cref="StorageException">A file cannot be used. The message is one line that names the file.</exception>
    public StorageModule(
        DataDirectory directory, StorageOptions options, DocumentsOptions documents, TimeProvider clock, Readiness readiness, ILoggerFactory loggers)
    {
        DataFiles.EndRescues(directory.Path);
        var moduleLog = _log = loggers.CreateLogger<StorageModule>();
        foreach (var large in DataFiles.CheckAll(directory.Path, options))
        {
            LogNotExamined(moduleLog, large.Path, options.CheckBytes);
        }

        WarnOfMissing(DataFiles.In(directory.Path), moduleLog);
        History = HistoryStore.Open(directory, options, clock, loggers.CreateLogger<HistoryStore>());
        List<Database> open = [History.Database];
        try
        {
            open.Insert(0, Main = Database.Open(DataFiles.Main(directory.Path), options, clock));
            open.Add(State = Database.Open(DataFiles.State(directory.Path), options, clock));
            Documents = DocumentEngines.Open(directory, documents, options, Main, clock);
        }
        catch
        {
            open.ForEach(database => database.Dispose());
            throw;
        }

        Databases = open;
        FileWriters = [.. Databases.Select(database => database.Writer)];
        if (Documents is LiteDocuments separate)
        {
            FileWriters = [.. FileWriters, separate.FileWriter];
        }

        var log = loggers.CreateLogger<WriterActor>();
        Actors = [.. FileWriters.Select(writer => WriterOf(writer, options, readiness, log))];
    }

    public HistoryStore History { get; }

    /// <summary>The writer of every file at this moment.</summary>
    public IReadOnlyList<WriterSnapshot> Writers =>
        [.. FileWriters.Select(writer => new WriterSnapshot(
            NameOf(writer), $"/user/{Name}/{NameOf(writer)}", writer.Status.Health.Ready, writer.Status.Health.Reason, writer.Figures()))];

    /// <summary>The actors below <c>/user/storage</c>: the writer of each file. Each stores its whole queue before it stops.</summary>
    public IReadOnlyList<ChildSpec> Actors { get; }

    /// <summary>allinone.db, for the stores that share it.</summary>
    internal Database Main { get; }

    /// <summary>state.db.</summary>
    internal Database State { get; }

    /// <summary>The storage engine of the collections.</summary>
    internal IDocumentEngine Documents { get; }

    /// <summary>The writers of all files.</summary>
    internal IReadOnlyList<FileWriter> FileWriters { get; }

    /// <summary>All SQLite files, for code that handles all of them.</summary>
    internal IReadOnlyList<Database> Databases { get; }

    /// <summary>
    /// Closes the files. It first writes what is still queued: the actor of a writer whose last writes take long is abandoned before they end.
    /// </summary>
    public void Dispose() => Disposal.Run(
        [.. FileWriters.Select(writer => (Action)(() => Flush(writer))), Documents.Dispose, .. Databases.Select(database => (Action)database.Dispose)]);

    private void Flush(FileWriter writer)
    {
        if (writer.Queued > 0 && writer.Flush(broken => LogNotAnswered(_log, broken, writer.Name)) is { } fault)
        {
            LogNotFlushed(_log, writer.Name, writer.Queued, fault.Message);
        }
    }

    private static string NameOf(FileWriter writer) => Path.GetFileNameWithoutExtension(writer.Name);

    private static ChildSpec WriterOf(FileWriter writer, StorageOptions options, Readiness readiness, ILogger log)
    {
        var name = NameOf(writer);
        var part = $"{Name}/{name}";
        return new ChildSpec(name, Props.Create(() => new WriterActor(writer, options, readiness, part, log)));
    }

    private static void WarnOfMissing(IReadOnlyList<SqliteFile> files, ILogger log)
    {
        if (files.Any(file => !file.IsEmpty))
        {
            foreach (var missing in files.Where(file => file.IsEmpty))
            {
                LogMissing(log, missing.Path);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Path} is larger than Storage:CheckBytes ({CheckBytes}): the start has not examined its pages for damage")]
    private static partial void LogNotExamined(ILogger log, string path, long checkBytes);

    [LoggerMessage(Level = LogLevel.Error, Message = "{File}: {Rows} operations that were queued at the stop could not be stored: {Reason}")]
    private static partial void LogNotFlushed(ILogger log, string file, int rows, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{File}: a write is stored, but what follows from it failed")]
    private static partial void LogNotAnswered(ILogger log, Exception broken, string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} is missing or empty, though the data directory has been used before: it starts empty")]
    private static partial void LogMissing(ILogger log, string path);
}
