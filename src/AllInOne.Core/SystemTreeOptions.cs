using AllInOne.Core.Backups;
using AllInOne.Core.Documents;
using AllInOne.Core.Entities;
using AllInOne.Core.Events.History;
using AllInOne.Core.Faults;
using AllInOne.Core.Feeds;
using AllInOne.Core.Jobs;
using AllInOne.Core.Live;
using AllInOne.Core.Load;
using AllInOne.Core.Requests;
using AllInOne.Core.State;
using AllInOne.Core.Storage;
using AllInOne.Core.Supervision;

namespace AllInOne.Core;

/// <summary>
/// The options of the tree: one object for each section of the configuration. Each property has the name of its section. A new section needs one line
/// here; its keys, its binding and its checks follow from this line.
/// </summary>
public class SystemTreeOptions
{
    public DataOptions Data { get; init; } = new();

    public SupervisionOptions Supervision { get; init; } = new();

    public SchedulerOptions Scheduler { get; init; } = new();

    public StorageOptions Storage { get; init; } = new();

    public BackupsOptions Backup { get; init; } = new();

    public HistoryOptions History { get; init; } = new();

    public LiveOptions Live { get; init; } = new();

    public DocumentsOptions Documents { get; init; } = new();

    public StateOptions State { get; init; } = new();

    public EntitiesOptions Entities { get; init; } = new();

    public FeedsOptions Feeds { get; init; } = new();

    public JobsOptions Jobs { get; init; } = new();

    public RequestsOptions Requests { get; init; } = new();

    public LoadOptions Load { get; init; } = new();

    public FaultsOptions Faults { get; init; } = new();
}
