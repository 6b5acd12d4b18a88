using AllInOne.Core.Supervision;

namespace AllInOne.Core.Inspection;

/// <summary>What the tree needs of the bundled runtime beyond the shared API: the guardian's strategy, and inspection.</summary>
public sealed class ActorRuntime(ActorSystem system) : IInspection
{
    /// <summary>Starts a system whose top-level actors are supervised by <paramref name="guardian"/>.</summary>
    public static ActorSystem CreateSystem(string name, SupervisorStrategy guardian, SchedulerOptions scheduler) =>
        ActorSystem.Create(name, new ActorSystemOptions
        {
            GuardianStrategy = guardian,
            Scheduling = new SchedulingOptions
            {
                Workers = scheduler.Workers,
                MaxThreads = scheduler.MaxThreads,
                SpareThreads = scheduler.SpareThreads,
                LookInterval = scheduler.LookInterval,
                DemoteAfter = scheduler.DemoteAfter,
                AbandonAfter = scheduler.AbandonAfter,
            },
        });

    /// <summary>The failure that ended the system, or null.</summary>
    public static Exception? FatalFailure(ActorSystem system) => system.FatalFailure;

    /// <inheritdoc/>
    public SchedulerSnapshot Scheduler => SnapshotOf(system.InspectScheduler());

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
    public bool Restart(string path)
    {
        if (system.Resolve(path) is not IInternalActorRef actor)
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
        if (system.Resolve(path) is not IInternalActorRef actor)
        {
            return false;
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
}
