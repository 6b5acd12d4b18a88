using AllInOne.Core.Supervision;

namespace AllInOne.Core.Inspection;

/// <summary>
/// The same on Akka.NET, which counts neither messages nor restarts and does not trace: those figures are zero, and there is
/// nothing to watch. An actor that does not end its message is not abandoned.
/// </summary>
public sealed class ActorRuntime(ActorSystem system) : IInspection
{
    /// <summary>Starts a system whose top-level actors are supervised by <paramref name="guardian"/>.</summary>
    /// <param name="name">The system's name.</param>
    /// <param name="guardian">The strategy of <c>/user</c>.</param>
    /// <param name="scheduler">Of no meaning here: Akka.NET has dispatchers of its own.</param>
    public static ActorSystem CreateSystem(string name, SupervisorStrategy guardian, SchedulerOptions scheduler)
    {
        _ = scheduler;
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
    public SchedulerSnapshot Scheduler { get; } = new(Environment.ProcessorCount, ThreadPool.ThreadCount, 0, 0, []);

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
    public Task<IReadOnlyList<TopActor>> TopAsync(TopBy by, TimeSpan window, int limit, CancellationToken cancellation)
    {
        var found = new List<ActorSnapshot>();
        Gather(Resolve("/user"), found);
        return Task.FromResult<IReadOnlyList<TopActor>>(
            [.. found.OrderByDescending(actor => by == TopBy.Mailbox ? actor.Mailbox : 0).Take(limit).Select(actor => new TopActor(actor, 0, 0))]);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<TracedMessage>? Trace(string path, int every, CancellationToken cancellation) => null;

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

    private static void Gather(ActorRefWithCell? actor, List<ActorSnapshot> found)
    {
        if (actor is not null)
        {
            found.Add(SnapshotOf(actor));
            foreach (var child in actor.Children.OfType<ActorRefWithCell>())
            {
                Gather(child, found);
            }
        }
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
