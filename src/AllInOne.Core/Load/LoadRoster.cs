using Akka.Actor;

namespace AllInOne.Core.Load;

/// <summary>
/// The workers there are, in the order of their numbers, and whose turn is next. Only <c>/user/load</c> touches it; it is kept here so that
/// a restart of that actor knows its workers. A number is never given twice: no worker waits for the name of one that is ending.
/// </summary>
internal sealed class LoadRoster
{
    private readonly List<Seat> _seats = [];
    private long _lastNumber;
    private int _next;

    public int Count => _seats.Count;

    /// <summary>The name of the worker to be made next. Of equal length, so that the order of names is that of the numbers.</summary>
    public string NextName() => $"w{++_lastNumber:D8}";

    public void Add(string name, IActorRef worker) => _seats.Add(new Seat(NumberOf(name), worker, new LoadWorkerActor.Turn()));

    public IActorRef RemoveLast()
    {
        var worker = _seats[^1].Worker;
        _seats.RemoveAt(_seats.Count - 1);
        return worker;
    }

    /// <summary>Takes a worker out by its name; false when it is not here any more.</summary>
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
    /// Gives the next workers their turns. One that has not come to its last turn yet (the processor is too busy, it is being
    /// restarted) is passed over: no mailbox ever holds more than one.
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
