using AllInOne.Core.Supervision;

namespace AllInOne.Core.Inspection;

/// <summary>What the tree needs of the bundled runtime beyond the shared API: the guardian's strategy, and inspection.</summary>
public sealed class ActorRuntime(ActorSystem system) : IInspection
{
    /// <summary>Starts a system whose top-level actors are supervised by <paramref name="guardian"/>.</summary>
    public static ActorSystem CreateSystem(string name, SupervisorStrategy guardian) =>
        ActorSystem.Create(name, new ActorSystemOptions { GuardianStrategy = guardian });

    /// <summary>The failure that ended the system, or null.</summary>
    public static Exception? FatalFailure(ActorSystem system) => system.FatalFailure;

    /// <inheritdoc/>
    public ActorSnapshot? Find(string path) => system.Inspect(path) is { } info ? SnapshotOf(info) : null;

    /// <inheritdoc/>
    public IReadOnlyList<ActorSnapshot> Children(string path, string? after, int limit) =>
        system.InspectChildren(path, after, limit).Select(SnapshotOf).ToList();

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
        Math.Round(info.Busy.TotalMilliseconds, 3),
        info.Restarts,
        info.Children,
        info.LastFailure is { } failure
            ? new FailureSnapshot(failure.Time, failure.Cause.GetType().Name, failure.Cause.Message, failure.Message?.GetType().Name)
            : null,
        info.Message?.Name,
        info.Since);
}
