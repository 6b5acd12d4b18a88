namespace AllInOne.Actors.Tests.Dispatch;

/// <summary>Many actors fall asleep and are woken all the time. A lost wake-up leaves a message unanswered.</summary>
public sealed class WakeUpTests : ActorTest
{
    [Fact]
    public async Task No_wake_up_is_lost_between_two_actors_that_play_ping_pong()
    {
        const int Pairs = 16;
        const int Rounds = 5_000;
        var done = new CountdownEvent(Pairs);
        for (var i = 0; i < Pairs; i++)
        {
            var pong = System.ActorOf(Props.Create(() => new Pong()));
            System.ActorOf(Props.Create(() => new Ping(pong, Rounds, done)));
        }

        Assert.True(await Task.Run(() => done.Wait(Patience)), $"{done.CurrentCount} pairs stand still");
    }

    [Fact]
    public async Task No_wake_up_is_lost_while_actors_crash_and_are_killed_at_random()
    {
        const int Workers = 200;
        var random = new Random(20240701);
        var boss = System.ActorOf(Props.Create(() => new Boss(Workers)));
        var senders = Enumerable.Range(0, 3).Select(_ => random.Next()).Select(seed => Task.Run(async () =>
        {
            var dice = new Random(seed);
            for (var i = 0; i < 4_000; i++)
            {
                object message = dice.Next(20) switch
                {
                    0 => new Crash(Failure()),
                    1 => Kill.Instance,
                    2 => PoisonPill.Instance,
                    3 => "suspend",
                    _ => "work",
                };
                boss.Tell(new Boss.Pass(dice.Next(Workers), message), ActorRefs.NoSender);
                if (i % 500 == 0)
                {
                    await SettledAsync(boss);
                }
            }
        }));
        await Task.WhenAll(senders);

        // Each current worker answers. If a worker stops without an answer, its replacement is asked again.
        for (var worker = 0; worker < Workers; worker++)
        {
            Probe.Send(boss, new Boss.Pass(worker, "roll call"));
            Assert.Equal($"worker {worker} is here", await Probe.ExpectMsgAsync<object>());
        }
    }

    [Fact]
    public async Task No_Terminated_is_missed_if_a_watch_begins_while_the_actor_stops()
    {
        for (var round = 0; round < 300; round++)
        {
            var actor = System.ActorOf(Puppet.Props(Probe.Ref, null));
            actor.Tell(PoisonPill.Instance, ActorRefs.NoSender);
            await Probe.WatchAsync(actor);
            await Probe.ExpectTerminatedAsync(actor);
        }
    }

    private sealed class Pong : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message, Self);
    }

    private sealed class Ping(IActorRef pong, int rounds, CountdownEvent done) : UntypedActor
    {
        private int _left = rounds;

        protected override void PreStart() => pong.Tell("ping", Self);

        protected override void OnReceive(object message)
        {
            if (--_left == 0)
            {
                done.Signal();
            }
            else
            {
                pong.Tell(message, Self);
            }
        }
    }

    /// <summary>Keeps a number of workers. A stopped worker is replaced, and its unanswered roll call goes to the replacement.</summary>
    private sealed class Boss : UntypedActor
    {
        private readonly IActorRef?[] _workers;
        private Pass? _asked;
        private IActorRef? _asker;

        public Boss(int workers) => _workers = new IActorRef?[workers];

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Pass { Message: "suspend" } pass:
                    var lifecycle = (IInternalActorRef)Worker(pass.Place);
                    lifecycle.Suspend();
                    lifecycle.Resume(null);
                    break;
                case Pass { Message: "roll call" } pass:
                    (_asked, _asker) = (pass, Sender);
                    Worker(pass.Place).Tell(pass.Message, Self);
                    break;
                case Pass pass:
                    Worker(pass.Place).Tell(pass.Message, Self);
                    break;
                case "here":
                    _asker!.Tell($"worker {_asked!.Place} is here", Self);
                    _asked = null;
                    break;
                case Terminated terminated:
                    Replace(Array.IndexOf(_workers, terminated.ActorRef));
                    break;
            }
        }

        private IActorRef Worker(int place) => _workers[place] ??= Context.Watch(Context.ActorOf(Props.Create(() => new Worker())));

        private void Replace(int place)
        {
            _workers[place] = null;
            if (_asked?.Place == place)
            {
                Worker(place).Tell(_asked.Message, Self);
            }
        }

        public sealed record Pass(int Place, object Message);
    }

    private sealed class Worker : ReceiveActor
    {
        public Worker()
        {
            Receive<Crash>(Throw);
            Receive<string>(text => text == "roll call", _ => Sender.Tell("here", Self));
            ReceiveAsync<string>(async _ => await Task.Yield());
        }

        private static void Throw(Crash crash) => throw crash.Cause;
    }
}
