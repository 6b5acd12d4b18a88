using AllInOne.Core.Supervision;

namespace AllInOne.Core.Inspection;

/// <summary>The same on Akka.NET, which counts neither messages nor restarts: those figures are zero.</summary>
public sealed class ActorRuntime(ActorSystem system) : IInspection
{
    /// <summary>Starts a system whose top-level actors are supervised by <paramref name="guardian"/>.</summary>
    public static ActorSystem CreateSystem(string name, SupervisorStrategy guardian)
    {
        GuardianStrategy.Next = guardian;
        return ActorSystem.Create(
            name, $"akka.actor.guardian-supervisor-strategy = \"{typeof(GuardianStrategy).AssemblyQualifiedName}\"");
    }

    /// <summary>Akka.NET does not tell which failure ended the system.</summary>
    public static Exception? FatalFailure(ActorSystem system)
    {
        _ = system;
        return null;
    }

    /// <inheritdoc/>
    public ActorSnapshot? Find(string path) => Resolve(path) is { } actor ? SnapshotOf(actor) : null;

    /// <inheritdoc/>
    public IReadOnlyList<ActorSnapshot> Children(string path, string? after, int limit) =>
        Resolve(path) is not { } actor
            ? []
            : actor.Children.OfType<ActorRefWithCell>()
                .Where(child => after is null || string.CompareOrdinal(child.Path.Name, after) > 0)
                .OrderBy(child => child.Path.Name, StringComparer.Ordinal)
                .Take(limit)
                .Select(SnapshotOf)
                .ToList();

    /// <inheritdoc/>
    public bool Restart(string path)
    {
        if (Resolve(path) is not { } actor)
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
        if (Resolve(path) is not { } actor)
        {
            return false;
        }

        actor.Stop();
        return true;
    }

    private ActorRefWithCell? Resolve(string path)
    {
        var elements = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (elements is not ["user", ..])
        {
            return null;
        }

        var actor = ((ExtendedActorSystem)system).Guardian as ActorRefWithCell;
        foreach (var element in elements.Skip(1))
        {
            actor = actor?.GetSingleChild(element) as ActorRefWithCell;
        }

        return actor;
    }

    private static ActorSnapshot SnapshotOf(ActorRefWithCell actor) => new(
        actor.Path.ToStringWithoutAddress(),
        actor.Underlying.Props.Type.Name,
        actor.Underlying.IsTerminated ? "stopped" : "idle",
        actor.Underlying.NumberOfMessages,
        0,
        0,
        0,
        actor.Children.Count(),
        null,
        null,
        null);

    /// <summary>Akka.NET makes this by name while a system starts, on the thread that starts it.</summary>
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
