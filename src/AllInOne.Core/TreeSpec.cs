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

namespace AllInOne.Core;

/// <summary>
/// The specifications of the children of <c>/user</c>: the whole tree on one screen, from the top down, which is the order of the start. The stop
/// goes from the bottom up.
/// </summary>
internal sealed class TreeSpec(TreeParts parts)
{
    /// <summary>All children except the web host, which the host adds. Reading this property creates all modules.</summary>
    public IReadOnlyList<ChildSpec> Children =>
        [Diagnostics, Storage, Backups, Live, Documents, State, Entities, Feeds, Jobs, Requests, Load, .. Faults];

    /// <summary>Logs unhandled messages.</summary>
    public static ChildSpec Diagnostics => new(DiagnosticsActor.Name, Props.Create<DiagnosticsActor>());

    /// <summary>The writers of the database files. They are restarted as long as a disk fails, and their queues keep the pending writes.</summary>
    public ChildSpec Storage => Part(new PartSpec(StorageModule.Name)
    {
        Children = () => parts.Storage.Actors,
        Restarts = new SupervisionOptions
        {
            MaxRestarts = int.MaxValue,
            MinBackoff = parts.Options.Storage.RetryDelay,
            MaxBackoff = parts.Options.Storage.MaxRetryDelay,
        },
        IsLogged = failure => failure is StorageException,
    });

    /// <summary>Makes backups, one at a time.</summary>
    public ChildSpec Backups => new(BackupsModule.Name, parts.Backups.Actor);

    /// <summary>The event log and the subscriptions.</summary>
    public ChildSpec Live => Part(new PartSpec(LiveModule.Name) { Children = () => parts.Live.Actors, Restarts = Restarts });

    /// <summary>Deletes documents that are older than their collection keeps.</summary>
    public ChildSpec Documents => new(DocumentsModule.Name, parts.Documents.Actor);

    /// <summary>The shards of the state keys, restored from state.db.</summary>
    public ChildSpec State => Part(new PartSpec(StateModule.Name)
    {
        Children = () => parts.State.Actors,
        Restarts = Restarts,
        Restores = parts.State.Store,
    });

    /// <summary>One actor for each entity, restored from history.db. The supervisor starts them itself, and restarts them without a limit.</summary>
    public ChildSpec Entities => new(EntitiesModule.Name, parts.Entities.Actor);

    /// <summary>The listeners, with one actor for each connection. A listener reports when its port is open.</summary>
    public ChildSpec Feeds => Part(new PartSpec(FeedsModule.Name)
    {
        Children = () => parts.Feeds.Actors,
        Restarts = Restarts,
        ReportsReady = false,
        Drain = XmlFeedListenerActor.Drain.Instance,
    });

    /// <summary>The clock and the runs of the jobs. Definitions and unfinished work are restored from allinone.db.</summary>
    public ChildSpec Jobs => Part(new PartSpec(JobsModule.Name)
    {
        Children = () => parts.Jobs.Actors,
        Restarts = Restarts,
        Restores = parts.Jobs.Restores,
    });

    /// <summary>One actor for each calculation.</summary>
    public ChildSpec Requests => new(RequestsModule.Name, parts.Requests.Actor);

    /// <summary>The workers of the load demo.</summary>
    public ChildSpec Load => new(LoadModule.Name, parts.Load.Actor);

    /// <summary>The supervisor of faults that are caused on purpose; none unless <c>Faults:Enabled</c>.</summary>
    public IEnumerable<ChildSpec> Faults => parts.Faults is { } faults ? [new ChildSpec(FaultsModule.Name, faults.Actor)] : [];

    private SupervisionOptions Restarts => parts.Options.Supervision;

    private ChildSpec Part(PartSpec part) => part.ToChild(parts.Readiness, parts.Loggers);
}
