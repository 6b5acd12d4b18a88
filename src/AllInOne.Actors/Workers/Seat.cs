using Akka.Dispatch;

namespace AllInOne.Actors;

/// <summary>
/// One of the places at which actors run, with the actors that wait there. A worker thread sits at it; when a message holds
/// the thread up, another takes the place over, and what waits stays.
/// </summary>
internal sealed class Seat
{
    private IRunnable? _next;

    /// <summary>The worker that sits here; null while the seat is closed. Changed under the pool's lock.</summary>
    public Worker? Worker { get; set; }

    /// <summary>The worker of this seat sleeps. Changed under the pool's lock.</summary>
    public bool IsIdle { get; set; }

    public RunQueue Queue { get; } = new();

    /// <summary>Counts the actors taken, so that the shared queue gets its turn now and then.</summary>
    public uint Turn { get; set; }

    /// <summary>When the actors that wake one another here began to follow one another directly.</summary>
    public long ChainStart { get; set; }

    public bool HasNext => Volatile.Read(ref _next) is not null;

    /// <summary>
    /// Puts an actor before all others: it was woken by the one that runs, and what it is to read is still in the
    /// processor's cache. Answers the one that was there before.
    /// </summary>
    public IRunnable? ExchangeNext(IRunnable? cell) => Interlocked.Exchange(ref _next, cell);
}
