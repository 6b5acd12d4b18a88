namespace AllInOne.Benchmarks.Actors;

/// <summary>
/// An actor that throws in each message, and a supervisor that restarts it each time, without a limit. New instances are
/// counted. Erlang's column is an OTP supervisor, a new one for every 1,000 restarts (it keeps the time of each restart within
/// its period, which gets slow). The second row is the minimum for Erlang: spawn_link in a loop.
/// </summary>
internal static class Restarts
{
    private const int Batch = 1_000;

    public static void Run(Session session)
    {
        var outcome = session.Contest("supervisor");
        Throughput.AddRows(session, "restarts", outcome, Budget.AtLeastThatOf("Akka.NET"));
        session.Add("restarts/s, beside a bare spawn_link loop", outcome["bare"]);
    }

    public static IEnumerable<Reading> Probe(string[] arguments)
    {
        using var system = BenchSystem.Create();
        var tally = new Tally();
        system.ActorOf(Props.Create(() => new Supervisor(tally))).Tell(More.Instance, ActorRefs.NoSender);
        var rate = Throughput.Of([tally], Pace.WarmUp, Pace.Time);
        return [.. rate.Readings(), new("bare", rate.PerSecond)];
    }

    private sealed class More
    {
        public static readonly More Instance = new();
    }

    private sealed record Fail(bool Last);

    private sealed class AskedTo : Exception
    {
    }

    private sealed class Supervisor(Tally tally) : UntypedActor
    {
        private static readonly Fail Any = new(false);
        private static readonly Fail Last = new(true);

        private IActorRef? _child;
        private long _batches;

        protected override SupervisorStrategy SupervisorStrategy() =>
            new OneForOneStrategy(-1, -1, _ => Directive.Restart, loggingEnabled: false);

        protected override void OnReceive(object message)
        {
            tally.Write(_batches++ * Batch);
            _child ??= Context.ActorOf(Props.Create(() => new Failing()));
            for (var n = 1; n < Batch; n++)
            {
                _child.Tell(Any, Self);
            }

            _child.Tell(Last, Self);
        }
    }

    private sealed class Failing : UntypedActor
    {
        protected override void OnReceive(object message) => throw new AskedTo();

        protected override void PreRestart(Exception reason, object? message)
        {
            base.PreRestart(reason, message);
            if (message is Fail { Last: true })
            {
                Context.Parent.Tell(More.Instance, Self);
            }
        }
    }
}
