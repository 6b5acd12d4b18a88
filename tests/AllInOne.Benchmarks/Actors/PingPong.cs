using System.Globalization;

namespace AllInOne.Benchmarks.Actors;

/// <summary>Pairs of actors, each with one message that goes forth and back. Each message that is sent counts.</summary>
internal static class PingPong
{
    public static void Run(Session session)
    {
        Throughput.AddRows(session, "ping-pong, 1 pair, messages", session.Contest("1"), Budget.AtLeastThatOf("Akka.NET", "Erlang"));
        Throughput.AddRows(session, "ping-pong, 4 pairs, messages", session.Contest("4"), Budget.AtLeastThatOf("Akka.NET", "Erlang"));
    }

    public static IEnumerable<Reading> Probe(string[] arguments)
    {
        using var system = BenchSystem.Create();
        return Measure(system, int.Parse(arguments[0], CultureInfo.InvariantCulture), Pace.WarmUp, Pace.Time).Readings();
    }

    /// <summary>Measures the messages of this many pairs.</summary>
    public static Throughput Measure(ActorSystem system, int pairs, TimeSpan warmUp, TimeSpan time)
    {
        var tallies = Enumerable.Range(0, pairs).Select(_ => new Tally()).ToList();
        foreach (var tally in tallies)
        {
            var pong = system.ActorOf(Props.Create(() => new Pong()));
            var ping = system.ActorOf(Props.Create(() => new Ping(tally)));
            pong.Tell(Ball.Instance, ping);
        }

        // One message of the ping counts twice: forth and back.
        return Throughput.Of(tallies, warmUp, time).Times(2);
    }

    private sealed class Ball
    {
        public static readonly Ball Instance = new();
    }

    private sealed class Ping(Tally tally) : UntypedActor
    {
        private long _count;

        protected override void OnReceive(object message)
        {
            if (++_count % Tally.Step == 0)
            {
                tally.Write(_count);
            }

            Sender.Tell(message, Self);
        }
    }

    private sealed class Pong : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message, Self);
    }
}
