using Akka.Actor;
using AllInOne.Core.Storage.Sqlite.Writing;
using AllInOne.Core.Supervision;
using Microsoft.Extensions.Logging;

namespace AllInOne.Core.Backups;

/// <summary>
/// The module of the backups: it creates their facade and the props of their actor. Without a server, use <see cref="OfflineBackups"/>.
/// </summary>
public sealed partial class BackupsModule
{
    /// <summary>The name of the child of <c>/user</c>, and of the part in <see cref="Readiness"/>.</summary>
    public const string Name = "backups";

    /// <param name="dataDirectory">The directory at which a relative path starts.</param>
    /// <param name="writers">The writers of all database files.</param>
    /// <param name="readiness">Notified when backups can be made.</param>
    internal BackupsModule(
        string dataDirectory, BackupsOptions options, IReadOnlyList<SqliteWriter> writers, TimeProvider clock, Readiness readiness,
        ILoggerFactory loggers)
    {
        var shelf = new BackupShelf(Path.Combine(dataDirectory, options.Directory));
        shelf.DiscardPartial();
        foreach (var exposed in shelf.Tighten())
        {
            LogExposed(loggers.CreateLogger<BackupsModule>(), exposed);
        }

        var backups = new Backups(shelf, clock);
        var maker = new BackupMaker([.. writers.Select(writer => writer.File)], writers, options.StandStillTimeout);
        var log = loggers.CreateLogger<BackupsActor>();
        Backups = backups;
        Actor = Props.Create(() => new BackupsActor(backups, maker, options.Keep, readiness, log));
    }

    public Backups Backups { get; }

    /// <summary>The props of the actor <c>/user/backups</c>.</summary>
    public Props Actor { get; }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Exposed}")]
    private static partial void LogExposed(ILogger log, string exposed);
}
