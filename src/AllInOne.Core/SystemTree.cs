using Akka.Actor;
using Akka.Configuration;
using AllInOne.Actors;
using AllInOne.Core.Documents;
using AllInOne.Core.Entities;
using AllInOne.Core.Events;
using AllInOne.Core.Events.History;
using AllInOne.Core.Faults;
using AllInOne.Core.Feeds;
using AllInOne.Core.Inspection;
using AllInOne.Core.Jobs;
using AllInOne.Core.Live;
using AllInOne.Core.Load;
using AllInOne.Core.Requests;
using AllInOne.Core.State;
using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Supervision;
using Microsoft.Extensions.Logging;

namespace AllInOne.Core;

/// <summary>
/// The whole server: one system of actors, which is started from the top down and stopped from the bottom up. Things that must outlive a restart of
/// an actor belong to the modules (<see cref="TreeParts"/>); things that may crash are below <c>/user</c> (<see cref="TreeSpec"/>). If a failure
/// passes the root, <see cref="WhenTerminated"/> completes, and the host ends the process.
/// </summary>
public sealed partial class SystemTree : IAsyncDisposable
{
    private readonly TreeParts _parts;
    private readonly List<ChildSpec> _children;
    private readonly Dictionary<string, IActorRef> _running = [];
    private readonly HashSet<string> _stopped = [];
    private readonly BackoffStrategy _guardian;
    private readonly ILogger _log;
    private volatile bool _isStopping;

    private SystemTree(TreeParts parts, Func<SystemTree, Props> http, BackoffStrategy guardian, Task<ActorSystem> system)
    {
        (_parts, _guardian) = (parts, guardian);
        _log = parts.Loggers.CreateLogger<SystemTree>();
        foreach (var exposed in parts.Data.Exposed)
        {
            LogExposed(exposed);
        }

        var children = new TreeSpec(parts).Children;
        System = system.GetAwaiter().GetResult();
        Inspection = new ActorRuntime(System);
        _children = [.. children, new ChildSpec(HttpName, http(this))];
    }

    /// <summary>The name of the child that the host adds: the actor of the web host. It reports to <see cref="Readiness"/> itself.</summary>
    public const string HttpName = "http";

    public ActorSystem System { get; }

    public HistoryStore History => _parts.Storage.History;

    public Backups.Backups Backups => _parts.Backups.Backups;

    /// <summary>The writer of each database file at this moment. Reading it waits for no actor.</summary>
    public IReadOnlyList<WriterSnapshot> Writers => _parts.Storage.Writers;

    public EventLog Events => _parts.Live.Events;

    /// <summary>The clients that follow the events.</summary>
    public LiveConnections Live => _parts.Live.Connections;

    public DocumentStore Documents => _parts.Documents.Documents;

    public StateStore State => _parts.State.Store;

    public EntityDirectory Entities => _parts.Entities.Directory;

    public FeedDirectory Feeds => _parts.Feeds.Directory;

    public JobStore Jobs => _parts.Jobs.Store;

    public Calculations Calculations => _parts.Requests.Calculations;

    public LoadGenerator Load => _parts.Load.Generator;

    /// <summary>The fault injector; null unless <c>Faults:Enabled</c>.</summary>
    public FaultInjector? Faults => _parts.Faults?.Injector;

    public IInspection Inspection { get; }

    public Readiness Readiness => _parts.Readiness;

    /// <summary>The reason for each part that does not serve now, in one line, by part; empty if all parts serve.</summary>
    public IReadOnlyDictionary<string, string> NotReady
    {
        get
        {
            var reasons = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var stopped in _children.Where(child => !Exists(child.Name)))
            {
                reasons[stopped.Name] = "stopped";
            }

            foreach (var (part, reason) in Readiness.Reasons)
            {
                reasons.TryAdd(part, reason);
            }

            return reasons;
        }
    }

    /// <summary>
    /// Completes when the last actor has terminated: after <see cref="StopAsync"/>, or after a failure that was escalated past the root. Also
    /// completes when the scheduler gives up; then some actors may be stuck for ever.
    /// </summary>
    public Task WhenTerminated => Task.WhenAny(System.WhenTerminated, System.WhenGivenUp());

    /// <summary>The reason why the tree terminated without <see cref="StopAsync"/>; otherwise null.</summary>
    public Exception? FatalFailure => System.WhenGivenUp() is { IsCompletedSuccessfully: true, Result: var reason } ? reason : _guardian.LastEscalation;

    /// <summary>Starts every part. Completes when the ports are open; a restore may still be active then (see <see cref="Readiness"/>).</summary>
    /// <param name="options">The options of all modules, already validated.</param>
    /// <param name="http">Creates the props of the web host's actor.</param>
    /// <param name="clock">The clock of the whole tree.</param>
    /// <param name="loggers">The loggers. They must outlive the tree.</param>
    /// <param name="host">Settings that the host adds to those of Akka.NET: its logger. Without them the actor system does not log.</param>
    /// <exception cref="StorageException">The data directory or a file in it cannot be used.</exception>
    /// <exception cref="FeedListenException">The port of the feed cannot be opened.</exception>
    /// <exception cref="TreeTerminatedException">Before the start was complete, a failure was escalated past the root, or the scheduler gave up.</exception>
    public static async Task<SystemTree> StartAsync(
        SystemTreeOptions options, Func<SystemTree, Props> http, TimeProvider clock, ILoggerFactory loggers, Config? host = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(http);
        var guardian = new BackoffStrategy(options.Supervision);
        // Create the system on another thread, because this takes as long as opening the files.
        var system = Task.Run(() => ActorRuntime.CreateSystem("allinone", guardian, options.Scheduler, host));
        var parts = new TreeParts(options, clock, loggers);
        SystemTree tree;
        try
        {
            tree = new SystemTree(parts, http, guardian, system);
        }
        catch
        {
            parts.Dispose();
            await (await system.ConfigureAwait(false)).Terminate().ConfigureAwait(false);
            throw;
        }

        try
        {
            tree.BringUp();
            // The first start of these parts may fail because of the configuration, for example a port in use.
            await tree.WhenReadyOrOver(FeedsModule.Name).ConfigureAwait(false);
            await tree.WhenReadyOrOver(HttpName).ConfigureAwait(false);
            return tree;
        }
        catch (Exception failure)
        {
            // Throw the failure of the start, even if the stop throws too.
            await Disposal.RunAsync(() => Task.FromException(failure), () => tree.DisposeAsync().AsTask()).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Starts every child of <c>/user</c> that does not run: at the start all of them, later the stopped ones. A child that is still stopping is
    /// started as soon as it has stopped.
    /// </summary>
    public void BringUp()
    {
        lock (_running)
        {
            if (_isStopping)
            {
                return;
            }

            foreach (var (name, props) in _children)
            {
                if (Exists(name))
                {
                    if (_stopped.Remove(name))
                    {
                        _ = BringUpBehindAsync(name);
                    }

                    continue;
                }

                _stopped.Remove(name);
                if (name != DiagnosticsActor.Name)
                {
                    // The part is not ready before it has started. It then reports its readiness itself.
                    Readiness.NotReady(name, "starting");
                }

                _running[name] = System.ActorOf(props, name);
            }
        }
    }

    /// <summary>Restarts the actor; its mailbox stays. A child of <c>/user</c> that was stopped is started again.</summary>
    /// <returns>False if the actor does not exist.</returns>
    public bool Restart(string path)
    {
        var name = ChildAt(path);
        if (!IsStopped(name) && Inspection.Restart(path))
        {
            LogRestart(path);
            return true;
        }

        if (name is null)
        {
            return false;
        }

        BringUp();
        LogRestart(path);
        return true;
    }

    /// <summary>Sets how many actors run at the same time, until the process ends.</summary>
    /// <param name="workers">1 to <see cref="IInspection.MaxWorkers"/>.</param>
    public void ResizeScheduler(int workers)
    {
        LogResize(Inspection.Scheduler.Workers, workers);
        Inspection.Resize(workers);
    }

    /// <summary>Stops the actor after its current message. An actor that its parent would start again is restarted instead, with its mailbox.</summary>
    /// <returns>False if the actor does not exist.</returns>
    public bool Stop(string path)
    {
        if (Inspection.Find(path) is null)
        {
            return false;
        }

        LogStop(path);
        lock (_running)
        {
            var stops = Inspection.Stop(path);
            if (stops && ChildAt(path) is { } name)
            {
                _stopped.Add(name);
            }

            return stops;
        }
    }

    /// <summary>Stops the tree from the bottom up: ports are closed, active work ends, and the writers write their queues.</summary>
    /// <param name="limit">How long one part may take. After this time the next part is stopped anyway.</param>
    public async Task StopAsync(TimeSpan limit)
    {
        lock (_running)
        {
            // From now on no child is started.
            _isStopping = true;
        }

        if (WhenTerminated.IsCompleted)
        {
            // The tree has terminated by itself, and there may be no actor left that answers.
            return;
        }

        foreach (var child in Enumerable.Reverse(_children))
        {
            if (!await StopChildAsync(child, limit).ConfigureAwait(false))
            {
                LogSlow(child.Name, limit);
            }
        }

        await System.Terminate().ConfigureAwait(false);
    }

    /// <summary>Stops the parts that still run, and closes the files.</summary>
    public ValueTask DisposeAsync() => new(Disposal.RunAsync(
        () => StopAsync(TimeSpan.FromSeconds(10)),
        () =>
        {
            _parts.Dispose();
            return Task.CompletedTask;
        }));

    private async Task WhenReadyOrOver(string part)
    {
        var ready = Readiness.WhenReady(part);
        if (await Task.WhenAny(ready, WhenTerminated).ConfigureAwait(false) != ready)
        {
            throw new TreeTerminatedException(FatalFailure);
        }

        await ready.ConfigureAwait(false);
    }

    private string? ChildAt(string path) => _children.Find(child => $"/user/{child.Name}" == path)?.Name;

    private bool Exists(string name) => Inspection.Find($"/user/{name}") is not null;

    /// <summary>Whether its stop was requested, and no start was requested since.</summary>
    private bool IsStopped(string? name)
    {
        lock (_running)
        {
            return name is not null && _stopped.Contains(name);
        }
    }

    /// <summary>
    /// Starts a child whose name is not free yet. The name becomes free a moment after the child has stopped, without a notification.
    /// </summary>
    private async Task BringUpBehindAsync(string name)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (Exists(name) && !_isStopping)
        {
            await pause.WaitForNextTickAsync().ConfigureAwait(false);
        }

        BringUp();
    }

    private async Task<bool> StopChildAsync(ChildSpec spec, TimeSpan limit)
    {
        IActorRef? child;
        lock (_running)
        {
            child = _running.GetValueOrDefault(spec.Name);
        }

        try
        {
            return child is null || await child.GracefulStop(limit, spec.Stop).ConfigureAwait(false);
        }
        catch (TaskCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Exposed}")]
    private partial void LogExposed(string exposed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} is restarted by an administrator")]
    private partial void LogRestart(string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} is stopped by an administrator")]
    private partial void LogStop(string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The scheduler's workers are set from {Before} to {Workers} by an administrator")]
    private partial void LogResize(int before, int workers);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Part} has not stopped within {Limit}; the rest is stopped all the same")]
    private partial void LogSlow(string part, TimeSpan limit);
}
