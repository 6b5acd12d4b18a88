using System.Diagnostics;
using System.Globalization;

namespace AllInOne.Benchmarks.Actors;

/// <summary>
/// The cost of idle actors: siblings with a little state. Each has handled one message, so that it has really started. The
/// time runs from the first ActorOf to the last of these messages. The memory is the growth of the process.
/// </summary>
internal static class Memory
{
    /// <summary>The number of actors that one message of the parent creates, so that the parent does not occupy its worker for long.</summary>
    private const int Batch = 1_000;

    public static void Run(Session session)
    {
        Run(session, 100_000, Budget.AtMost(80), null);
        Run(session, 1_000_000, Budget.AtMost(720), Budget.AtMost(6));
    }

    public static IEnumerable<Reading> Probe(string[] arguments)
    {
        var count = int.Parse(arguments[0], CultureInfo.InvariantCulture);
        using var system = BenchSystem.Create();
        Start(system, Batch).GracefulStop(TimeSpan.FromMinutes(1)).Wait();
        var before = ProcessMemory.ResidentAfterCollection();
        var (cpu, watch) = (Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
        var parent = Start(system, count);
        var seconds = watch.Elapsed.TotalSeconds;
        yield return new("seconds", seconds);
        yield return new("cpu", (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
        yield return new("resident", ProcessMemory.Resident() - before);
        yield return new("idle", ProcessMemory.ResidentAfterCollection() - before);
        yield return new("process", ProcessMemory.Resident());
        GC.KeepAlive(parent);
    }

    private static void Run(Session session, int count, Budget? memory, Budget? time)
    {
        var outcome = session.Contest($"{count}");
        session.Add($"{count:N0} idle actors, MB after a full collection", outcome["idle"], memory);
        session.Add($"{count:N0} actors, MB before it", outcome["resident"]);
        session.Add($"{count:N0} actors, MB of the whole process after it", outcome["process"]);
        session.Add($"{count:N0} actors started, s", outcome["seconds"], time);
        session.Add($"{count:N0} actors started, s of processor time", outcome["cpu"]);
    }

    private static IActorRef Start(ActorSystem system, int count)
    {
        using var all = new CountdownEvent(count);
        var parent = system.ActorOf(Props.Create(() => new Parent(all)));
        parent.Tell(new Make(count), ActorRefs.NoSender);
        all.Wait();
        return parent;
    }

    private sealed record Make(int Count);

    private sealed record Touch(long Id);

    private sealed class Parent(CountdownEvent all) : UntypedActor
    {
        private readonly Props _child = Props.Create(() => new Child(all));

        protected override void OnReceive(object message)
        {
            var left = ((Make)message).Count;
            for (var made = 0; made < Batch && left > 0; made++, left--)
            {
                Context.ActorOf(_child).Tell(new Touch(left), Self);
            }

            if (left > 0)
            {
                Self.Tell(new Make(left), Self);
            }
        }
    }

    private sealed class Child(CountdownEvent all) : UntypedActor
    {
        private long _id;
        private long _handled;

        protected override void OnReceive(object message)
        {
            _id = ((Touch)message).Id;
            if (++_handled == 1 && _id > 0)
            {
                all.Signal();
            }
        }
    }
}
