namespace AllInOne.Benchmarks.Actors;

/// <summary>
/// Two actors flood a third one as fast as it allows. Each may have some batches under way; the last message of a batch requests
/// the next batch. The handled messages of the third actor are counted.
/// </summary>
internal static class Flood
{
    private const int Producers = 2;
    private const int Batch = 1_000;
    private const int BatchesOnTheirWay = 10;

    public static void Run(Session session) =>
        Throughput.AddRows(session, "2 producers flood 1 actor, messages", session.Contest("2"), Budget.AtLeastThatOf("Akka.NET", "Erlang"));

    public static IEnumerable<Reading> Probe(string[] arguments)
    {
        using var system = BenchSystem.Create();
        return Measure(system, Pace.WarmUp, Pace.Time).Readings();
    }

    /// <summary>Measures the handled messages of the third actor.</summary>
    public static Throughput Measure(ActorSystem system, TimeSpan warmUp, TimeSpan time)
    {
        var tally = new Tally();
        var consumer = system.ActorOf(Props.Create(() => new Consumer(tally)));
        for (var producer = 0; producer < Producers; producer++)
        {
            var started = system.ActorOf(Props.Create(() => new Producer(consumer)));
            for (var batch = 0; batch < BatchesOnTheirWay; batch++)
            {
                started.Tell(More.Instance, ActorRefs.NoSender);
            }
        }

        return Throughput.Of([tally], warmUp, time);
    }

    private sealed class More
    {
        public static readonly More Instance = new();
    }

    private sealed class Item(bool last)
    {
        public static readonly Item Any = new(false);
        public static readonly Item Last = new(true);

        public bool IsLast => last;
    }

    private sealed class Producer(IActorRef consumer) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            for (var item = 1; item < Batch; item++)
            {
                consumer.Tell(Item.Any, Self);
            }

            consumer.Tell(Item.Last, Self);
        }
    }

    private sealed class Consumer(Tally tally) : UntypedActor
    {
        private long _count;

        protected override void OnReceive(object message)
        {
            if (++_count % Tally.Step == 0)
            {
                tally.Write(_count);
            }

            if (((Item)message).IsLast)
            {
                Sender.Tell(More.Instance, Self);
            }
        }
    }
}
