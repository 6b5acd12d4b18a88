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
        using var grip = Worker.Hold();
        if (name is not null && !ActorPath.IsValidPathElement(name))
        {
            throw new InvalidActorNameException(
                $"'{name}' is no name for an actor: letters, digits and -_.*$+:@&=,!~';() are allowed, and no $ at the start.");
        }

        ThrowIfStopping();
        var parts = Parts;
        var children = parts.Children ??= NewChildren();
        ActorCell child;
        lock (children)
        {
            // Again, now that nobody can change it: see CloseNursery.
            ThrowIfStopping();
            name ??= TemporaryNames.Of(parts.NextChildNumber++);
            child = new ActorCell(_system, this, props, name);
            if (!children.TryAdd(name, child))
            {
                throw new InvalidActorNameException($"The name '{name}' is taken below {Path.ToStringWithoutAddress()}.");
            }
        }

        if (_suspensions > 0 && ReferenceEquals(Current, this))
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

    /// <summary>From here on no child can be added: not by this actor and, for a guardian, not by any other thread.</summary>
    private void CloseNursery()
    {
        if (_parts?.Children is not { } children)
        {
            _state = CellState.Stopping;
            return;
        }

        lock (children)
        {
            _state = CellState.Stopping;
        }
    }

    private void ThrowIfStopping()
    {
        if (IsEnding)
        {
            throw new InvalidOperationException($"{this} is stopping and takes no children.");
        }
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
        using var grip = Worker.Hold();
        var all = Parts.RestartStats ??= [];
        if (!all.TryGetValue(child, out var stats))
        {
            stats = all[child] = new ChildRestartStats(child, _system.TimeProvider);
        }

        return stats;
    }

    private void HandleDeath(InternalActorRef actor, bool existenceConfirmed)
    {
        if (_parts?.Watching is { } watching && watching.Remove(actor, out var replacement) && !IsEnding)
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
        if (!GoOnEndingIfAlone() && _parts?.Strategy is { } strategy)
        {
            Worker.Current!.Enter();
            strategy.HandleChildTerminated(this, child, ChildrenWhenAsked());
            Worker.Current!.Leave();
        }
    }

    /// <summary>Goes on with the stop or the restart that waits for children; false when neither does.</summary>
    private bool GoOnEndingIfAlone()
    {
        switch (_state)
        {
            case CellState.Stopping:
                FinishTerminateIfAlone();
                return true;
            case CellState.Recreating:
                FinishRecreateIfAlone();
                return true;
            default:
                return false;
        }
    }

    /// <summary>Copies them only for a strategy that looks: most do not, and a parent may lose very many children.</summary>
    private IEnumerable<ActorCell> ChildrenWhenAsked()
    {
        foreach (var child in ChildCells())
        {
            yield return child;
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

    /// <summary>The statistics of all children, gathered only for a strategy that looks at more than the failed one.</summary>
    private sealed class AllRestartStats(ActorCell parent) : IReadOnlyCollection<ChildRestartStats>
    {
        private List<ChildRestartStats>? _all;

        public int Count => All.Count;

        private List<ChildRestartStats> All => _all ??= parent.ChildCells().Select(parent.StatsOf).ToList();

        public IEnumerator<ChildRestartStats> GetEnumerator() => All.GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
