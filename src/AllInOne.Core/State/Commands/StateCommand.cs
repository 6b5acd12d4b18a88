using System.Threading.Tasks.Sources;
using Akka.Actor;
using AllInOne.Core.State.Shards;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values;

namespace AllInOne.Core.State.Commands;

/// <summary>
/// A message to a shard. It is completed once, with <see cref="Complete"/> or <see cref="Refuse"/>, on any thread.
/// A durable command that has changed something is completed after the commit.
/// </summary>
internal abstract class StateCommand : IRefusable
{
    /// <summary>Whether the caller has its answer.</summary>
    public virtual bool IsCompleted => false;

    /// <summary>Whether the caller gets its answer only after the change survives a loss of power.</summary>
    public virtual bool IsDurable => false;

    /// <summary>
    /// Runs the command. Everything that can fail comes before the first change: a failure restarts the shard's actor, and the key stays as it was.
    /// </summary>
    /// <returns>False if the command must wait; it was then added to the waiting commands of the shard.</returns>
    public abstract bool Run(StateShard shard);

    /// <summary>Runs a waiting command, the first of its key. Returns false if it must still wait.</summary>
    public virtual bool Serve(StateShard shard) => Run(shard);

    /// <summary>Answers its caller with the result.</summary>
    public abstract void Complete();

    /// <summary>Answers its caller with a failure: the operation is not confirmed.</summary>
    public abstract void Refuse(string reason);

    void IRefusable.Refuse(string reason, IActorRef? sender) => Refuse(reason);
}

/// <summary>
/// A command with an answer. The command itself is what the caller awaits, so a write allocates no further object. The caller continues in the
/// thread pool, never in the shard's turn.
/// </summary>
internal abstract class StateCommand<T> : StateCommand, IValueTaskSource<T>
{
    private ManualResetValueTaskSourceCore<T> _answer = new() { RunContinuationsAsynchronously = true };
    private int _isCompleted;

    /// <summary>The answer. Await it only once.</summary>
    public ValueTask<T> Answer => new(this, _answer.Version);

    public sealed override bool IsCompleted => Volatile.Read(ref _isCompleted) != 0;

    /// <summary>The result for the caller.</summary>
    protected T? Result { get; set; }

    public sealed override void Complete()
    {
        if (Interlocked.Exchange(ref _isCompleted, 1) == 0)
        {
            _answer.SetResult(Result!);
        }
    }

    public sealed override void Refuse(string reason) => Refuse(new UnavailableException(reason));

    protected void Refuse(Exception reason)
    {
        if (Interlocked.Exchange(ref _isCompleted, 1) == 0)
        {
            _answer.SetException(reason);
        }
    }

    T IValueTaskSource<T>.GetResult(short token) => _answer.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _answer.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _answer.OnCompleted(continuation, state, token, flags);
}
