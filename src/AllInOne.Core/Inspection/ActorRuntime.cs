using System.Globalization;
using Akka.Actor;
using Akka.Configuration;
using AllInOne.Actors;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values;

namespace AllInOne.Core.Inspection;

/// <summary>Creates the actor system of the tree, and inspects it (<see cref="IInspection"/>).</summary>
public sealed class ActorRuntime(ActorSystem system) : IInspection
{
    /// <summary>
    /// The settings of the actor system. The host decides when the process ends and where the logger writes. All other settings are Akka.NET's
    /// defaults or come from <c>fair-actors.conf</c>.
    /// </summary>
    private const string Settings = """
        akka {
          loggers = []
          stdout-loglevel = OFF
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          coordinated-shutdown.run-by-clr-shutdown-hook = off
        }
        """;

    /// <summary>Starts a system whose top-level actors are supervised by <paramref name="guardian"/>.</summary>
    /// <param name="name">The system's name.</param>
    /// <param name="guardian">The strategy of <c>/user</c>.</param>
    /// <param name="scheduler">The threads that run its actors.</param>
    /// <param name="host">Settings that the host adds: its logger. Null for none.</param>
    public static ActorSystem CreateSystem(string name, SupervisorStrategy guardian, SchedulerOptions scheduler, Config? host = null)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        GuardianStrategy.Next = guardian;
        var system = ActorSystem.Create(name, (host ?? Config.Empty).WithFallback(SettingsOf(scheduler)).WithFallback(FairActors.Config));
        DeadLetterRefusal.Start(system);
        return system;
    }

    /// <inheritdoc/>
    public SchedulerSnapshot Scheduler => SnapshotOf(system.InspectScheduler());

    /// <inheritdoc/>
    public int MaxWorkers => system.InspectScheduler().MaxWorkers;

    /// <inheritdoc/>
    public ActorSnapshot? Find(string path) => system.Inspect(path) is { } info ? SnapshotOf(info) : null;

    /// <inheritdoc/>
    public IReadOnlyList<ActorSnapshot> Children(string path, string? after, int limit) =>
        system.InspectChildren(path, after, limit).Select(SnapshotOf).ToList();

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TopActor>> TopAsync(TopBy by, TimeSpan window, int limit, CancellationToken cancellation)
    {
        var measure = by switch
        {
            TopBy.Busy => ActorMeasure.Busy,
            TopBy.Mailbox => ActorMeasure.Mailbox,
            TopBy.Messages => ActorMeasure.Messages,
            _ => ActorMeasure.Restarts,
        };
        var top = await system.InspectTopAsync(measure, window, limit, cancellation).ConfigureAwait(false);
        return [.. top.Select(found => new TopActor(SnapshotOf(found.Actor), Milliseconds(found.Busy), found.Messages))];
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<TracedMessage>? Trace(string path, int every, CancellationToken cancellation) =>
        system.Trace(path, every, cancellation)?.Select(SnapshotOf);

    /// <inheritdoc/>
    public void Resize(int workers) => system.ResizeScheduler(workers);

    /// <inheritdoc/>
    public bool Restart(string path)
    {
        if (system.Resolve(path) is not { } actor)
        {
            return false;
        }

        actor.Suspend();
        actor.Restart(new AdministrativeRestartException());
        return true;
    }

    /// <inheritdoc/>
    public bool Stop(string path)
    {
        if (system.Resolve(path) is not { } actor)
        {
            return false;
        }

        if (typeof(IRevivesChildren).IsAssignableFrom((actor.Parent as ActorRefWithCell)?.Underlying.Props.Type))
        {
            // The parent would start the actor again without its mailbox.
            return Restart(path);
        }

        actor.Stop();
        return true;
    }

    private static ActorSnapshot SnapshotOf(ActorInfo info) => new(
        info.Path,
        info.Type.Name,
        info.Status,
        info.Mailbox,
        info.Messages,
        Milliseconds(info.Busy),
        info.Restarts,
        info.Children,
        info.LastFailure is { } failure
            ? new FailureSnapshot(failure.Time, failure.Cause.GetType().Name, Excerpt.Of(failure.Cause.Message, Excerpt.Message), failure.Message?.GetType().Name)
            : null,
        info.Message?.Name,
        info.Since);

    private static TracedMessage SnapshotOf(TracedEnvelope traced) => new(
        traced.Time,
        traced.Type.Name,
        traced.Text,
        traced.Sender?.Path.ToStringWithoutAddress(),
        traced.Outcome,
        Milliseconds(traced.Took),
        traced.Mailbox,
        traced.Error is { } error ? Excerpt.Of(error.Message, Excerpt.Message) : null,
        traced.Skipped);

    private static SchedulerSnapshot SnapshotOf(SchedulerInfo info) => new(
        info.Workers,
        info.Threads,
        info.MaxThreads,
        info.Queued,
        [.. info.HeldUp.Select(held => new HeldUpSnapshot(
            held.Path, held.Type.Name, held.Message?.Name, held.Since, Milliseconds(held.Cpu), held.State, held.Abandoned))]);

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);

    private static Config SettingsOf(SchedulerOptions scheduler) => ConfigurationFactory.ParseString(string.Create(CultureInfo.InvariantCulture, $$"""
        {{Settings}}
        akka.actor.guardian-supervisor-strategy = "{{typeof(GuardianStrategy).AssemblyQualifiedName}}"
        fair-scheduler {
          workers = {{scheduler.Workers}}
          max-threads = {{scheduler.MaxThreads}}
          spare-threads = {{scheduler.SpareThreads}}
          look-interval = {{scheduler.LookInterval.TotalMilliseconds}}ms
          demote-after = {{scheduler.DemoteAfter.TotalMilliseconds}}ms
          abandon-after = {{scheduler.AbandonAfter.TotalMilliseconds}}ms
        }
        """));

    /// <summary>The strategy of <c>/user</c>. Akka.NET creates this type by its name, on the thread that starts the system.</summary>
    internal sealed class GuardianStrategy : SupervisorStrategyConfigurator
    {
        [ThreadStatic]
        private static SupervisorStrategy? _next;

        public static SupervisorStrategy? Next
        {
            set => _next = value;
        }

        public override SupervisorStrategy Create() => _next ?? SupervisorStrategy.DefaultStrategy;
    }
}
