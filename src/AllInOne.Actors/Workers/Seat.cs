using Akka.Dispatch;

namespace AllInOne.Actors;

/// <summary>
/// A place at which actors run, with a queue of waiting actors. A worker thread sits at the seat. If a message blocks this thread, another
/// thread takes over the seat and its queue.
/// </summary>
internal sealed class Seat
{
    private IRunnable? _next;

    /// <summary>The worker that sits here; null while the seat is closed. Changed under the pool's lock.</summary>
    public Worker? Worker { get; set; }

    /// <summary>The worker of this seat sleeps. Changed under the pool's lock.</summary>
    public bool IsIdle { get; set; }

    public RunQueue Queue { get; } = new();

    /// <summary>The number of actors taken, by which the shared queue gets its turn.</summary>
    public uint Turn { get; set; }

    /// <summary>When the current chain of actors that wake one another began at this seat.</summary>
    public long ChainStart { get; set; }

    public bool HasNext => Volatile.Read(ref _next) is not null;

    /// <summary>
    /// Puts an actor before all others, because the running actor woke it and its message is still in the processor's cache. Returns the
    /// actor that was in this position before.
    /// </summary>
    public IRunnable? ExchangeNext(IRunnable? cell) => Interlocked.Exchange(ref _next, cell);
}
