namespace AllInOne.Actors;

/// <summary>What the runtime's own parts tell each other; handled before any user message, also while an actor is suspended.</summary>
internal abstract class SystemMessage
{
    /// <summary>The link of the system inbox.</summary>
    public SystemMessage? Next { get; set; }

    /// <summary>The runtime's own business, which goes before all ordinary work; false where an actor merely goes on with its message.</summary>
    public virtual bool IsUrgent => true;
}

internal sealed class SuspendMessage : SystemMessage;

internal sealed class ResumeMessage(Exception? causedByFailure) : SystemMessage
{
    public Exception? CausedByFailure { get; } = causedByFailure;
}

internal sealed class RecreateMessage(Exception cause) : SystemMessage
{
    public Exception Cause { get; } = cause;
}

internal sealed class TerminateMessage : SystemMessage;

internal sealed class FailedMessage(ActorCell child, Exception cause) : SystemMessage
{
    public ActorCell Child { get; } = child;

    public Exception Cause { get; } = cause;
}

internal sealed class WatchMessage(InternalActorRef watcher) : SystemMessage
{
    public InternalActorRef Watcher { get; } = watcher;
}

internal sealed class UnwatchMessage(InternalActorRef watcher) : SystemMessage
{
    public InternalActorRef Watcher { get; } = watcher;
}

internal sealed class DeathWatchNotification(InternalActorRef actor, bool existenceConfirmed = true) : SystemMessage
{
    public InternalActorRef Actor { get; } = actor;

    public bool ExistenceConfirmed { get; } = existenceConfirmed;
}

/// <summary>The continuation of an awaiting handler.</summary>
internal sealed class ContinueMessage(ActorSynchronizationContext context, SendOrPostCallback callback, object? state) : SystemMessage
{
    /// <summary>The handler's own context: tells a handler of today from one that a restart left behind.</summary>
    public ActorSynchronizationContext Context { get; } = context;

    public override bool IsUrgent => false;

    public void Run() => callback(state);

    /// <summary>For a handler whose actor has stopped or restarted: the code after the await still runs its finally blocks.</summary>
    public void RunOutside() => ThreadPool.QueueUserWorkItem(
        static self =>
        {
            try
            {
                self.Run();
            }
#pragma warning disable CA1031 // An async void method of an actor that is gone: its failure must not end the process.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                self.Context.Report(exception);
            }
        },
        this,
        preferLocal: false);
}

/// <summary>The awaiting handler's task has ended.</summary>
internal sealed class AwaitEndedMessage(Task task) : SystemMessage
{
    public Task Task { get; } = task;

    public override bool IsUrgent => false;
}

/// <summary>The system messages of one actor, first in, first out: a lock-free stack that its consumer reverses.</summary>
internal struct SystemInbox
{
    private static readonly SystemMessage Closed = new SuspendMessage();

    private SystemMessage? _top;

    public readonly bool IsEmpty => Volatile.Read(in _top) is null;

    /// <summary>Any thread. False when the actor has stopped.</summary>
    public bool TryPush(SystemMessage message)
    {
        var top = Volatile.Read(ref _top);
        while (!ReferenceEquals(top, Closed))
        {
            message.Next = top;
            var seen = Interlocked.CompareExchange(ref _top, message, top);
            if (ReferenceEquals(seen, top))
            {
                return true;
            }

            top = seen;
        }

        return false;
    }

    /// <summary>Consumer: all that is there, oldest first.</summary>
    public SystemMessage? TakeAll() => Reverse(Interlocked.Exchange(ref _top, null));

    /// <summary>Consumer: takes what is there and refuses all that follows.</summary>
    public SystemMessage? Close() => Reverse(Interlocked.Exchange(ref _top, Closed));

    private static SystemMessage? Reverse(SystemMessage? top)
    {
        SystemMessage? first = null;
        while (top is not null)
        {
            (top.Next, first, top) = (first, top, top.Next);
        }

        return first;
    }
}
