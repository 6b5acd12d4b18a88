using AllInOne.Core.Backups;
using AllInOne.Core.Data;
using AllInOne.Core.Documents;
using AllInOne.Core.Entities;
using AllInOne.Core.Events;
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
using Microsoft.Extensions.Logging;

namespace AllInOne.Core;

/// <summary>
/// The modules of the tree. They own what must outlive a restart of an actor: the open files, the write queues, the event ring, the directories. A
/// module is created when it is first read, after the modules that it needs. So a test can run some parts of the tree without the others, and can
/// replace the modules that have a setter. The thread that starts the tree reads all of them; other threads read them afterwards.
/// </summary>
/// <param name="options">The options of all modules, already validated.</param>
/// <param name="clock">The clock of the whole tree.</param>
/// <param name="loggers">The loggers. They must outlive the modules.</param>
internal sealed class TreeParts(SystemTreeOptions options, TimeProvider clock, ILoggerFactory loggers) : IDisposable
{
    private DataDirectory? _data;
    private StorageModule? _storage;
    private JobsModule? _jobs;

    public SystemTreeOptions Options => options;

    public ILoggerFactory Loggers => loggers;

    public Readiness Readiness { get; } = new();

    /// <exception cref="StorageException">The directory cannot be used.</exception>
    public DataDirectory Data => _data ??= DataDirectory.Claim(options.Data.Directory);

    /// <exception cref="StorageException">A file cannot be used.</exception>
    public StorageModule Storage => _storage ??= new StorageModule(Data, options.Storage, options.Documents, clock, Readiness, loggers);

    public BackupsModule Backups => field ??= new BackupsModule(
        Data.Path, options.Backup, [.. Storage.Databases.Select(database => database.Writer)], clock, Readiness, loggers);

    public LiveModule Live => field ??= new LiveModule(options.Live, History, clock, loggers, hasUnstored: options.State.Publish.Count > 0);

    public DocumentsModule Documents => field ??= new DocumentsModule(
        options.Documents, Storage.Documents, Events, clock, Readiness, loggers);

    public StateModule State => field ??= new StateModule(options.State, Storage.State, Events, clock);

    public EntitiesModule Entities => field ??= new EntitiesModule(options.Entities, options.Supervision, History, Events, clock, Readiness, loggers);

    public FeedsModule Feeds
    {
        get => field ??= new FeedsModule(options.Feeds, Entities.Directory, History, clock, Readiness, loggers);
        set;
    }

    public JobsModule Jobs
    {
        get => _jobs ??= new JobsModule(
            options.Jobs, Data.Path, options.Backup.Schedule, options.History, Storage.Main, History, Events, State.Store, Entities.Directory,
            (task, stop) => BackupAction.ActAsync(Backups.Backups, task, stop), clock, Readiness, loggers);
        set => _jobs = value;
    }

    public RequestsModule Requests
    {
        get => field ??= new RequestsModule(options.Requests, clock, Readiness);
        set;
    }

    public LoadModule Load => field ??= new LoadModule(options.Load, options.Supervision, clock, Readiness);

    /// <summary>The module of the faults; null unless <c>Faults:Enabled</c>.</summary>
    public FaultsModule? Faults => options.Faults.Enabled ? field ??= new FaultsModule(options.Faults, clock, Readiness) : null;

    private HistoryStore History => Storage.History;

    private EventLog Events => Live.Events;

    /// <summary>Closes the files and releases the directory. The actors must have stopped.</summary>
    public void Dispose() => Disposal.Run(() => _jobs?.Dispose(), () => _storage?.Dispose(), () => _data?.Dispose());
}
