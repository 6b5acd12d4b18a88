namespace AllInOne.Actors.Tests.Workers;

/// <summary>Many actors that pass messages to one another a known number of times. Each message is counted.</summary>
internal sealed class Crowd
{
    private readonly List<IActorRef> _members = [];
    private long _handled;

    public Crowd(ActorSystem system, int size)
    {
        for (var i = 0; i < size; i++)
        {
            var place = i;
            _members.Add(system.ActorOf(Recipe.Of(() => new Member(this, place))));
        }
    }

    public long Expected { get; private set; }

    public long Handled => Volatile.Read(ref _handled);

    public bool IsDone => Handled >= Expected;

    /// <summary>A description of the fault, or null.</summary>
    public string? Broken { get; private set; }

    /// <summary>Starts one message at each member. The message is then passed on <paramref name="hops"/> times.</summary>
    public void Begin(int hops)
    {
        Expected = (long)_members.Count * (hops + 1);
        _members.ForEach(member => member.Tell(new Hop(hops), ActorRefs.NoSender));
    }

    public Task SettledAsync(TimeSpan patience) =>
        Task.WhenAll(_members.Select(member => member.Ask<ActorIdentity>(new Identify(null), patience)));

    private sealed record Hop(int Left);

    private sealed class Member(Crowd crowd, int place) : UntypedActor
    {
        private int _inside;

        protected override void OnReceive(object message)
        {
            if (Interlocked.Increment(ref _inside) != 1)
            {
                crowd.Broken ??= $"{place} is run by two threads";
            }

            if (((Hop)message).Left is > 0 and var left)
            {
                // The next actor is a neighbour, and for one hop in eight an actor far away.
                var members = crowd._members;
                members[(place + (left % 8 == 0 ? members.Count / 2 : 1)) % members.Count].Tell(new Hop(left - 1), Self);
            }

            Interlocked.Increment(ref crowd._handled);
            Interlocked.Decrement(ref _inside);
        }
    }
}
