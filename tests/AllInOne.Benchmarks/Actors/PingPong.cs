using System.Globalization;
using AllInOne.Benchmarks.Harness;

namespace AllInOne.Benchmarks.Actors;

/// <summary>Pairs of actors, each with one message that goes to and fro. Every tell counts as a message.</summary>
internal static class PingPong
{
    public static void Run(Session session)
    {
        session.Add("ping-pong, 1 pair, messages/s", session.Contest("1")["rate"], Budget.AtLeastThatOf("Akka.NET", "Erlang"));
        session.Add("ping-pong, 4 pairs, messages/s", session.Contest("4")["rate"], Budget.AtLeastThatOf("Akka.NET", "Erlang"));
    }

    public static IEnumerable<Reading> Probe(string[] arguments)
    {
        using var system = BenchSystem.Create();
        yield return new("rate", Measure(system, int.Parse(arguments[0], CultureInfo.InvariantCulture), Pace.WarmUp, Pace.Time));
    }

    /// <summary>Messages a second of so many pairs.</summary>
    public static double Measure(ActorSystem system, int pairs, TimeSpan warmUp, TimeSpan time)
    {
        var tallies = Enumerable.Range(0, pairs).Select(_ => new Tally()).ToList();
        foreach (var tally in tallies)
        {
            var pong = system.ActorOf(Props.Create(() => new Pong()));
            var ping = system.ActorOf(Props.Create(() => new Ping(tally)));
            pong.Tell(Ball.Instance, ping);
        }

        // One of the ping's messages is two: there and back.
        return 2 * Tally.Rate(tallies, warmUp, time);
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
