using Akka.Actor;

namespace AllInOne.Core.Load;

/// <summary>
/// The list of the workers in the order of their numbers, and the position of the next turn. Only <c>/user/load</c> uses it; the generator keeps it,
/// so that this actor knows its workers after a restart. A number is never used twice, so a new worker need not wait for the name of a worker that is
/// stopping.
/// </summary>
internal sealed class LoadRoster
{
    private readonly List<Seat> _seats = [];
    private long _lastNumber;
    private int _next;

    public int Count => _seats.Count;

    /// <summary>The name of the next new worker. All names have the same length, so their order is the order of the numbers.</summary>
    public string NextName() => $"w{++_lastNumber:D8}";

    public void Add(string name, IActorRef worker) => _seats.Add(new Seat(NumberOf(name), worker, new LoadWorkerActor.Turn()));

    public IActorRef RemoveLast()
    {
        var worker = _seats[^1].Worker;
        _seats.RemoveAt(_seats.Count - 1);
        return worker;
    }

    /// <summary>Removes a worker by its name. Returns false if it was removed before.</summary>
    public bool Remove(string name)
    {
        var at = _seats.BinarySearch(new Seat(NumberOf(name), ActorRefs.Nobody, null!), Seat.ByNumber);
        if (at < 0)
        {
            return false;
        }

        _seats.RemoveAt(at);
        return true;
    }

    public void Clear() => _seats.Clear();

    /// <summary>
    /// Gives the next workers their turns. A worker that has not handled its previous turn yet (because the processor is too busy, or because the
    /// worker is being restarted) is skipped, so no mailbox ever has more than one turn.
    /// </summary>
    public void GiveTurns(int due)
    {
        for (; due > 0; due--)
        {
            _next = _next + 1 < _seats.Count ? _next + 1 : 0;
            var (_, worker, turn) = _seats[_next];
            if (turn.TryGive())
            {
                worker.Tell(turn, ActorRefs.NoSender);
            }
        }
    }

    private static long NumberOf(string name) => long.Parse(name.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);

    private readonly record struct Seat(long Number, IActorRef Worker, LoadWorkerActor.Turn Turn)
    {
        public static IComparer<Seat> ByNumber { get; } = Comparer<Seat>.Create((a, b) => a.Number.CompareTo(b.Number));
    }
}
