using System.Diagnostics;

namespace AllInOne.Actors.Tests.Dispatch;

/// <summary>
/// A minute of everything at once: threads lost, replaced, confined, demoted, abandoned and coming back, while tokens go round in
/// rings and askers wait for answers. A wake-up that is lost stops a ring for good, an actor that two threads run at once breaks
/// its count, a seat that stays in the corner lets an asker wait.
/// </summary>
[Trait("Category", "Long")]
public sealed class SchedulerStressTests : IDisposable
{
    private const int Rings = 100;
    private const int RingSize = 40;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(60);

    private readonly ActorSystem _system = TestSystem.Create(
        "stress", "fair-scheduler { abandon-after = 20ms, max-threads = 400, spare-threads = 16 }");

    private readonly CancellationTokenSource _over = new(Duration);

    [Fact]
    public async Task Nothing_is_lost_or_done_twice_while_runaways_come_and_go()
    {
        var rings = Enumerable.Range(0, Rings).Select(_ => new Ring(_system)).ToList();
        rings.ForEach(ring => ring.Begin());
        var askers = Enumerable.Range(0, 4).Select(_ => Task.Run(AskAsync)).ToList();

        await MakeTroubleAsync(new Random(20_260_817));

        var answers = await Task.WhenAll(askers);
        Assert.All(answers, count => Assert.True(count > 100, $"only {count} answers"));
        await Until.TrueAsync(
            () => _system.InspectScheduler().HeldUp.Count == 0, () => string.Join(", ", _system.InspectScheduler().HeldUp));
        foreach (var ring in rings)
        {
            // Alive at the end, with the one token that it began with.
            var before = ring.Steps;
            await Until.TrueAsync(() => ring.Steps > before + RingSize, () => $"a ring stands at {ring.Steps}");
            Assert.Null(ring.Broken);
        }

        var scheduler = _system.InspectScheduler();
        Assert.InRange(scheduler.Threads, scheduler.Workers, scheduler.Workers + 16);
    }

    public void Dispose()
    {
        _over.Dispose();
        _system.Dispose();
    }

    private async Task<int> AskAsync()
    {
        var echo = _system.ActorOf(Props.Create(() => new Echo()));
        var count = 0;
        for (; !_over.IsCancellationRequested; count++)
        {
            Assert.Equal(count, await echo.Ask<int>(count, TimeSpan.FromSeconds(10)));
        }

        return count;
    }

    private async Task MakeTroubleAsync(Random random)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!_over.IsCancellationRequested)
        {
            await pause.WaitForNextTickAsync(CancellationToken.None);
            var trouble = _system.ActorOf(Props.Create(() => new Trouble()));
            for (var messages = random.Next(1, 4); messages > 0; messages--)
            {
                trouble.Tell(new Hold(TimeSpan.FromMilliseconds(random.Next(0, 60)), Burns: random.Next(4) == 0), ActorRefs.NoSender);
            }

            switch (random.Next(5))
            {
                case 0:
                    _system.Stop(trouble);
                    break;
                case 1:
                    trouble.Tell(Kill.Instance, ActorRefs.NoSender);
                    break;
                case 2:
                    ((IInternalActorRef)trouble).Suspend();
                    ((IInternalActorRef)trouble).Restart(new InvalidOperationException("stress"));
                    trouble.Tell(PoisonPill.Instance, ActorRefs.NoSender);
                    break;
                default:
                    trouble.Tell(PoisonPill.Instance, ActorRefs.NoSender);
                    break;
            }
        }
    }

    private sealed record Hold(TimeSpan Time, bool Burns);

    private sealed record Token(long Step);

    private sealed class Ring
    {
        private readonly List<IActorRef> _members = [];
        private long _steps;

        public Ring(ActorSystem system)
        {
            for (var place = 0; place < RingSize; place++)
            {
                var mine = place;
                _members.Add(system.ActorOf(Props.Create(() => new Member(this, mine))));
            }
        }

        public long Steps => Volatile.Read(ref _steps);

        public string? Broken { get; private set; }

        public void Begin() => _members[0].Tell(new Token(0), ActorRefs.NoSender);

        private void Pass(Token token, int place)
        {
            if (token.Step % RingSize != place || Interlocked.CompareExchange(ref _steps, token.Step + 1, token.Step) != token.Step)
            {
                Broken ??= $"step {token.Step} at {place}, after {Steps} steps";
            }

            _members[(place + 1) % RingSize].Tell(new Token(token.Step + 1), ActorRefs.NoSender);
        }

        private sealed class Member(Ring ring, int place) : UntypedActor
        {
            private int _inside;

            protected override void OnReceive(object message)
            {
                if (Interlocked.Increment(ref _inside) != 1)
                {
                    ring.Broken ??= $"{place} is run by two threads";
                }

                ring.Pass((Token)message, place);
                Interlocked.Decrement(ref _inside);
            }
        }
    }

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message);
    }

    private sealed class Trouble : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            var hold = (Hold)message;
            if (!hold.Burns)
            {
                Thread.Sleep(hold.Time);
                return;
            }

            for (var begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin) < hold.Time;)
            {
            }
        }
    }
}
