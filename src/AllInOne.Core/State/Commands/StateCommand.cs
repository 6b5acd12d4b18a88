using System.Threading.Tasks.Sources;
using AllInOne.Core.Values;

namespace AllInOne.Core.State.Commands;

/// <summary>
/// Something for a shard to do, in its queue until its turn. It ends once: with <see cref="Complete"/> or <see cref="Refuse"/>, on whatever
/// thread. A durable one that has changed something ends after the commit.
/// </summary>
internal abstract class StateCommand
{
    /// <summary>Whether its caller was told already.</summary>
    public virtual bool HasEnded => false;

    /// <summary>Whether its caller wants to be told only after its change is on the disk.</summary>
    public virtual bool IsDurable => false;

    /// <summary>How many operations it is: a turn of its shard has so many.</summary>
    public virtual int Operations => 1;

    /// <summary>
    /// Does it. What can fail is done before anything is changed: a failure restarts the shard's actor, and the key is as it was.
    /// </summary>
    /// <returns>False when it has to wait, and has seen to it that it is found again.</returns>
    public abstract bool Run(StateShard shard);

    /// <summary>The same for one that waits and is the first in its line; false when there is still nothing for it.</summary>
    public virtual bool Serve(StateShard shard) => Run(shard);

    /// <summary>Tells its caller what came of it.</summary>
    public abstract void Complete();

    /// <summary>Tells its caller that it is not known to be done.</summary>
    public abstract void Refuse(string reason);
}

/// <summary>
/// A command with an answer, which is awaited on the command itself: no further object is made for a write. Whoever awaits goes on in the
/// thread pool, never in the shard's turn.
/// </summary>
internal abstract class StateCommand<T> : StateCommand, IValueTaskSource<T>
{
    private ManualResetValueTaskSourceCore<T> _answer = new() { RunContinuationsAsynchronously = true };
    private int _hasEnded;

    /// <summary>To be awaited once.</summary>
    public ValueTask<T> Answer => new(this, _answer.Version);

    public sealed override bool HasEnded => Volatile.Read(ref _hasEnded) != 0;

    /// <summary>What its caller will be told.</summary>
    protected T? Result { get; set; }

    public sealed override void Complete()
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) == 0)
        {
            _answer.SetResult(Result!);
        }
    }

    public sealed override void Refuse(string reason) => Refuse(new UnavailableException(reason));

    protected void Refuse(Exception reason)
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) == 0)
        {
            _answer.SetException(reason);
        }
    }

    T IValueTaskSource<T>.GetResult(short token) => _answer.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _answer.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _answer.OnCompleted(continuation, state, token, flags);
}
