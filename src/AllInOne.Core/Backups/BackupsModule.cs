using Akka.Actor;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Supervision;
using Microsoft.Extensions.Logging;

namespace AllInOne.Core.Backups;

/// <summary>What this folder brings to the program: backups, and the actor that makes them. Without a server: <see cref="OfflineBackups"/>.</summary>
public sealed partial class BackupsModule
{
    /// <summary>The name of the child of <c>/user</c>, and of the part in <see cref="Readiness"/>.</summary>
    public const string Name = "backups";

    /// <param name="dataDirectory">Where a relative directory counts from.</param>
    /// <param name="writers">Of every database file.</param>
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

    /// <summary>How the actor <c>/user/backups</c> is made.</summary>
    public Props Actor { get; }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Exposed}")]
    private static partial void LogExposed(ILogger log, string exposed);
}
