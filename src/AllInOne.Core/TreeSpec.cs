using Akka.Actor;
using AllInOne.Core.Backups;
using AllInOne.Core.Data;
using AllInOne.Core.Documents;
using AllInOne.Core.Entities;
using AllInOne.Core.Faults;
using AllInOne.Core.Feeds;
using AllInOne.Core.Inspection;
using AllInOne.Core.Jobs;
using AllInOne.Core.Live;
using AllInOne.Core.Load;
using AllInOne.Core.Requests;
using AllInOne.Core.State;
using AllInOne.Core.Storage;
using AllInOne.Core.Supervision;
using Microsoft.Extensions.Logging;

namespace AllInOne.Core;

/// <summary>
/// The specifications of the children of <c>/user</c>: the whole tree on one screen, from the top down, which is the order of the start. The stop
/// goes from the bottom up.
/// </summary>
/// <param name="restarts">How often an actor may restart.</param>
internal sealed class TreeSpec(SupervisionOptions restarts, Readiness readiness, ILoggerFactory loggers)
{
    /// <summary>Logs unhandled messages.</summary>
    public static ChildSpec Diagnostics => new(DiagnosticsActor.Name, Props.Create<DiagnosticsActor>());

    /// <summary>The writers of the database files. They restart for as long as a disk fails, and the queues keep what came in.</summary>
    public ChildSpec Storage(StorageModule module, StorageOptions options) => Part(new PartSpec(StorageModule.Name)
    {
        Children = () => module.Actors,
        Restarts = new SupervisionOptions { MaxRestarts = int.MaxValue, MinBackoff = options.RetryDelay, MaxBackoff = options.MaxRetryDelay },
        IsLogged = failure => failure is StorageException,
    });

    /// <summary>Makes backups, one at a time.</summary>
    public static ChildSpec Backups(BackupsModule module) => new(BackupsModule.Name, module.Actor);

    /// <summary>The event log and the subscriptions.</summary>
    public ChildSpec Live(LiveModule module) => Part(new PartSpec(LiveModule.Name) { Children = () => module.Actors, Restarts = restarts });

    /// <summary>Deletes documents that are older than their collection keeps.</summary>
    public static ChildSpec Documents(DocumentsModule module) => new(DocumentsModule.Name, module.Actor);

    /// <summary>The shards of the state keys, restored from state.db.</summary>
    public ChildSpec State(StateModule module) => Part(new PartSpec(StateModule.Name)
    {
        Children = () => module.Actors,
        Restarts = restarts,
        Restores = module.Store,
    });

    /// <summary>One actor for each entity, restored from history.db. The supervisor starts them itself, and restarts them without a limit.</summary>
    public static ChildSpec Entities(EntitiesModule module) => new(EntitiesModule.Name, module.Actor);

    /// <summary>The listeners, with one actor for each connection. A listener reports when its port is open.</summary>
    public ChildSpec Feeds(FeedsModule module) => Part(new PartSpec(FeedsModule.Name)
    {
        Children = () => module.Actors,
        Restarts = restarts,
        ReportsReady = false,
        Drain = XmlFeedListenerActor.Drain.Instance,
    });

    /// <summary>The clock and the runs of the jobs. Definitions and unfinished work are restored from allinone.db.</summary>
    public ChildSpec Jobs(JobsModule module) => Part(new PartSpec(JobsModule.Name)
    {
        Children = () => module.Actors,
        Restarts = restarts,
        Restores = module.Restores,
    });

    /// <summary>One actor for each calculation.</summary>
    public static ChildSpec Requests(RequestsModule module) => new(RequestsModule.Name, module.Actor);

    /// <summary>The workers of the load demo.</summary>
    public static ChildSpec Load(LoadModule module) => new(LoadModule.Name, module.Actor);

    /// <summary>Faults on purpose.</summary>
    public static ChildSpec Faults(FaultsModule module) => new(FaultsModule.Name, module.Actor);

    private ChildSpec Part(PartSpec part) => part.ToChild(readiness, loggers);
}
