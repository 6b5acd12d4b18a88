namespace AllInOne.Actors;

/// <summary>The base of all references: identity is the object itself, so an old incarnation never equals a new one.</summary>
public abstract class InternalActorRef : IInternalActorRef
{
    private protected InternalActorRef()
    {
    }

    public abstract ActorPath Path { get; }

    public virtual IInternalActorRef Parent => NobodyRef.Instance;

    public virtual bool IsTerminated => false;

    public abstract void Tell(object message, IActorRef? sender);

    public virtual void Suspend()
    {
    }

    public virtual void Resume(Exception? causedByFailure = null)
    {
    }

    public virtual void Restart(Exception cause)
    {
    }

    public virtual void Stop()
    {
    }

    internal virtual void SendSystemMessage(SystemMessage message)
    {
    }

    public bool Equals(IActorRef? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    public int CompareTo(IActorRef? other) => other is null ? 1 : Path.CompareTo(other.Path);

    public override string ToString() => $"[{Path}]";

    public static bool operator ==(InternalActorRef? left, InternalActorRef? right) => ReferenceEquals(left, right);

    public static bool operator !=(InternalActorRef? left, InternalActorRef? right) => !ReferenceEquals(left, right);

    public static bool operator <(InternalActorRef left, InternalActorRef right) => left.CompareTo(right) < 0;

    public static bool operator >(InternalActorRef left, InternalActorRef right) => left.CompareTo(right) > 0;

    public static bool operator <=(InternalActorRef left, InternalActorRef right) => left.CompareTo(right) <= 0;

    public static bool operator >=(InternalActorRef left, InternalActorRef right) => left.CompareTo(right) >= 0;
}

internal sealed class NobodyRef : InternalActorRef
{
    public static readonly NobodyRef Instance = new();

    public override ActorPath Path { get; } = new ActorPath("all-systems", null, "") / "Nobody";

    public override void Tell(object message, IActorRef? sender)
    {
    }
}
