namespace AllInOne.Actors;

/// <summary>Children and death watch.</summary>
internal sealed partial class ActorCell
{
    /// <summary>A copy, readable on any thread.</summary>
    public IReadOnlyList<ActorCell> ChildCells()
    {
        if (_parts?.Children is not { } children)
        {
            return [];
        }

        lock (children)
        {
            return [.. children.Values];
        }
    }

    public ActorCell? FindChild(string name)
    {
        if (_parts?.Children is not { } children)
        {
            return null;
        }

        lock (children)
        {
            return children.GetValueOrDefault(name);
        }
    }

    /// <summary>On the actor's own thread, or for a guardian on any.</summary>
    public ActorCell AddChild(Props props, string? name, bool forOutsiders = false)
    {
        ArgumentNullException.ThrowIfNull(props);
        if (name is not null && !ActorPath.IsValidPathElement(name))
        {
            throw new InvalidActorNameException(
                $"'{name}' is no name for an actor: letters, digits and -_.*$+:@&=,!~';() are allowed, and no $ at the start.");
        }

        if (_state is CellState.Stopping or CellState.Stopped)
        {
            throw new IllegalActorStateException($"{this} is stopping and takes no children.");
        }

        var children = Parts.Children ??= NewChildren();
        ActorCell child;
        lock (children)
        {
            name ??= TemporaryNames.Of(_parts!.NextChildNumber++);
            child = new ActorCell(_system, this, props, name);
            if (!children.TryAdd(name, child))
            {
                throw new InvalidActorNameException($"The name '{name}' is taken below {Path.ToStringWithoutAddress()}.");
            }
        }

        if (_suspensions > 0 && ReferenceEquals(_current, this))
        {
            child.Suspend();
        }

        if (forOutsiders)
        {
            child.PreparedForOutsiders();
        }

        child.Start();
        return child;
    }

    /// <summary>For guardians, which get children from any thread: the dictionary is there from the start.</summary>
    public ActorCell PreparedForOutsiders()
    {
        Parts.Children = NewChildren();
        return this;
    }

    private static Dictionary<string, ActorCell> NewChildren() => new(StringComparer.Ordinal);

    private bool IsChild(ActorCell cell) => ReferenceEquals(cell.ParentCell, this) && ReferenceEquals(FindChild(cell.Name), cell);

    private void StopChild(ActorCell child)
    {
        if (IsChild(child))
        {
            (Parts.StoppingChildren ??= []).Add(child);
        }

        child.Stop();
    }

    private void SuspendChildren(ActorCell? except = null)
    {
        foreach (var child in ChildCells())
        {
            if (!ReferenceEquals(child, except))
            {
                child.Suspend();
            }
        }
    }

    private ChildRestartStats StatsOf(ActorCell child)
    {
        var all = Parts.RestartStats ??= [];
        if (!all.TryGetValue(child, out var stats))
        {
            stats = all[child] = new ChildRestartStats(child, _system.TimeProvider);
        }

        return stats;
    }

    private List<ChildRestartStats> AllStats() => ChildCells().Select(StatsOf).ToList();

    private void HandleDeath(InternalActorRef actor, bool existenceConfirmed)
    {
        if (_parts?.Watching is { } watching && watching.Remove(actor, out var replacement) && _state is not CellState.Stopping)
        {
            if (replacement is null)
            {
                (Parts.TerminatedQueued ??= []).Add(actor);
            }

            Tell(replacement ?? new Terminated(actor, existenceConfirmed), actor);
        }

        if (actor is ActorCell cell && ReferenceEquals(cell.ParentCell, this))
        {
            RemoveChild(cell);
        }
    }

    private void RemoveChild(ActorCell child)
    {
        if (_parts?.Children is { } children)
        {
            lock (children)
            {
                children.Remove(child.Name);
            }
        }

        _parts?.StoppingChildren?.Remove(child);
        _parts?.RestartStats?.Remove(child);
        switch (_state)
        {
            case CellState.Stopping:
                FinishTerminateIfAlone();
                break;
            case CellState.Recreating:
                FinishRecreateIfAlone();
                break;
            default:
                _parts?.Strategy?.HandleChildTerminated(this, child, ChildCells());
                break;
        }
    }

    private void TellWatchers()
    {
        foreach (var watcher in _parts?.Watchers ?? [])
        {
            if (!ReferenceEquals(watcher, _parent))
            {
                watcher.SendSystemMessage(new DeathWatchNotification(this));
            }
        }
    }

    private void UnwatchAll()
    {
        foreach (var watched in _parts?.Watching?.Keys ?? Enumerable.Empty<IActorRef>())
        {
            ((InternalActorRef)watched).SendSystemMessage(new UnwatchMessage(this));
        }
    }
}
