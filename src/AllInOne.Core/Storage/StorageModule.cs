using AllInOne.Core.Storage.History;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Supervision;
using Microsoft.Extensions.Logging;

namespace AllInOne.Core.Storage;

/// <summary>
/// What this folder brings to the program: the stores, and the supervisor of their writers. The stores outlive the actors; to be
/// disposed after <c>/user/storage</c> has stopped.
/// </summary>
public sealed class StorageModule : IDisposable
{
    /// <summary>The name of the child of <c>/user</c>, and of the part in <see cref="Readiness"/>; its writers are parts below it.</summary>
    public const string Name = "storage";

    /// <param name="directory">Where the files are.</param>
    /// <param name="readiness">Is told what each writer's health is.</param>
    /// <exception cref="StorageException">A file cannot be used; one line that names it.</exception>
    public StorageModule(
        DataDirectory directory, StorageOptions options, TimeProvider clock, Readiness readiness, ILoggerFactory loggers)
    {
        History = HistoryStore.Open(directory, options, clock);
        IReadOnlyDictionary<string, SqliteWriter> writers = new Dictionary<string, SqliteWriter> { ["history"] = History.Writer };
        var log = loggers.CreateLogger<SqliteWriterActor>();
        Supervisor = Props.Create(() => new StorageSupervisor(writers, options, readiness, log));
    }

    public HistoryStore History { get; }

    /// <summary>To be started once, as <c>/user/storage</c>; a <c>GracefulStop</c> of it ends when all that was queued is stored.</summary>
    public Props Supervisor { get; }

    public void Dispose() => History.Dispose();
}
