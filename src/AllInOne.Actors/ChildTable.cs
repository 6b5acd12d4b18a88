using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Dispatch.SysMsg;

namespace AllInOne.Actors;

/// <summary>
/// The children of an actor in one mutable dictionary. Akka.NET's own container makes two immutable trees for each new child, so a million
/// children take 2.5 times as long. If the actor itself stops or restarts and waits for stopping children, Akka.NET's own container replaces
/// this one, because Akka.NET checks its type.
/// </summary>
internal sealed class ChildTable : IChildrenContainer
{
    private readonly Dictionary<string, IChildStats> _children = [];

    /// <summary>Children that have received a stop and have not terminated yet.</summary>
    private readonly HashSet<IActorRef> _stopping = [];

    public bool IsTerminating => false;

    public bool IsNormal => true;

    public IReadOnlyCollection<IInternalActorRef> Children
    {
        get
        {
            lock (_children)
            {
                return [.. _children.Values.OfType<ChildRestartStats>().Select(stats => stats.Child)];
            }
        }
    }

    public IReadOnlyCollection<ChildRestartStats> Stats
    {
        get
        {
            lock (_children)
            {
                return [.. _children.Values.OfType<ChildRestartStats>()];
            }
        }
    }

    /// <summary>The number of children. Read without the lock: the monitor must not wait for a thread of the lowest priority.</summary>
    public int Count => _children.Count;

    /// <summary>Prepares a cell without children: its first child creates the table.</summary>
    public static void Install(ActorCell cell)
    {
        if (ReferenceEquals(cell.ChildrenContainer, EmptyChildrenContainer.Instance))
        {
            AkkaInternals.Children(cell) = NoChildren.Instance;
        }
    }

    /// <exception cref="InvalidOperationException">The code that starts the child belongs to an abandoned actor.</exception>
    public IChildrenContainer Reserve(string name)
    {
        lock (_children)
        {
            Worker.ThrowIfLost();
            return _children.TryAdd(name, ChildNameReserved.Instance)
                ? this
                : throw new InvalidActorNameException($"Actor name \"{name}\" is not unique!");
        }
    }

    /// <summary>
    /// The children of an abandoned actor, for its successor. Frees the names that the stuck code has reserved: it will not start these children
    /// any more.
    /// </summary>
    public static IChildrenContainer Inherit(IChildrenContainer children)
    {
        if (children is ChildTable table)
        {
            table.DropReservations();
        }
        else if (children is NormalChildrenContainer)
        {
            var successors = new ChildTable();
            foreach (var stats in children.Stats)
            {
                successors._children.Add(stats.Child.Path.Name, stats);
            }

            return successors;
        }

        return children;
    }

    public IChildrenContainer Unreserve(string name)
    {
        lock (_children)
        {
            if (_children.TryGetValue(name, out var present) && present is ChildNameReserved)
            {
                _children.Remove(name);
            }

            return this;
        }
    }

    public IChildrenContainer Add(string name, ChildRestartStats stats)
    {
        lock (_children)
        {
            _children[name] = stats;
            return this;
        }
    }

    public IChildrenContainer Remove(IActorRef child)
    {
        lock (_children)
        {
            _children.Remove(child.Path.Name);
            _stopping.Remove(child);
            return this;
        }
    }

    public IChildrenContainer ShallDie(IActorRef actor)
    {
        lock (_children)
        {
            _stopping.Add(actor);
            return IsActorStaying
                ? this
                : new TerminatingChildrenContainer(_children.ToImmutableDictionary(), _stopping.ToImmutableHashSet(), SuspendReason.UserRequest.Instance);
        }
    }

    public bool TryGetByName(string name, out IChildStats stats)
    {
        lock (_children)
        {
            return _children.TryGetValue(name, out stats!);
        }
    }

    public bool TryGetByRef(IActorRef actor, [NotNullWhen(true)] out ChildRestartStats? stats)
    {
        stats = TryGetByName(actor.Path.Name, out var found) && found is ChildRestartStats restart && actor.Equals(restart.Child) ? restart : null;
        return stats is not null;
    }

    public bool Contains(IActorRef actor) => TryGetByRef(actor, out _);

    /// <summary>
    /// The actor that runs on this thread neither stops nor restarts now, so it will not wait for the termination of the child. For an actor with
    /// another mailbox type this is not known.
    /// </summary>
    private static bool IsActorStaying => Worker.Current is { Queue: not null, Mailbox.InHand: not (Terminate or Recreate or Resume) };

    private void DropReservations()
    {
        lock (_children)
        {
            foreach (var name in _children.Where(child => child.Value is ChildNameReserved).Select(child => child.Key).ToList())
            {
                _children.Remove(name);
            }
        }
    }

    private sealed class NoChildren : EmptyChildrenContainer
    {
        public static new NoChildren Instance { get; } = new();

        public override IChildrenContainer Reserve(string name) => new ChildTable().Reserve(name);
    }
}
