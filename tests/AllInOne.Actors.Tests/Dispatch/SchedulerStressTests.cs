using System.Diagnostics;
using System.Globalization;

namespace AllInOne.Actors.Tests.Dispatch;

/// <summary>
/// All cases at once: threads are replaced, confined, demoted and abandoned, and return. Meanwhile tokens go round in rings, askers wait for
/// answers, and new actors reuse the names of actors that are watched, restarted and stopped in the middle of a message. A lost wake-up stops
/// a ring. An actor that two threads run at once breaks its count. A seat on a confined thread lets an asker wait. A missing Terminated stops
/// a slot.
/// </summary>
public sealed class SchedulerStressTests : IDisposable
{
    private const int Rings = 100;
    private const int RingSize = 40;
    private const int Slots = 16;
    private const int Watchers = 3;
    private const int MayGrowBy = 64 * 1024 * 1024;
    private static readonly TimeSpan Limit = Until.Limit;

    private readonly ActorSystem _system = TestSystem.Create(
        "stress", "fair-scheduler { abandon-after = 20ms, max-threads = 400, spare-threads = 16 }");

    private readonly CancellationTokenSource _over = new();

    private static TimeSpan SoakTime => TimeSpan.FromMinutes(
        double.TryParse(Environment.GetEnvironmentVariable("ALLINONE_SOAK_MINUTES"), CultureInfo.InvariantCulture, out var minutes) ? minutes : 60);

    [Fact]
    [Trait("Category", "Long")]
    public Task Nothing_is_lost_or_done_twice_during_a_minute_with_runaway_actors() => StressAsync(TimeSpan.FromSeconds(60));

    /// <summary>An hour, or <c>ALLINONE_SOAK_MINUTES</c>.</summary>
    [Fact]
    [Trait("Category", "Soak")]
    public Task Nothing_is_lost_or_done_twice_during_an_hour_with_runaway_actors() => StressAsync(SoakTime);

    public void Dispose()
    {
        _over.Dispose();
        _system.Dispose();
    }

    private async Task StressAsync(TimeSpan time)
    {
        _over.CancelAfter(time);
        var rings = Enumerable.Range(0, Rings).Select(_ => new Ring(_system)).ToList();
        rings.ForEach(ring => ring.Begin());
        var askers = Enumerable.Range(0, 4).Select(_ => Task.Run(AskAsync)).ToList();
        var slots = Enumerable.Range(0, Slots).Select(slot => Task.Run(() => LiveAndEndAsync(slot, new Random(slot)))).ToList();
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await MakeTroubleAsync(new Random(20_260_817));

        Assert.All(await Task.WhenAll(askers), count => Assert.True(count > 100, $"only {count} answers"));
        Assert.All(await Task.WhenAll(slots), lives => Assert.True(lives > 10, $"only {lives} lives"));
        await Until.TrueAsync(
            () => _system.InspectScheduler().HeldUp.Count == 0, () => string.Join(", ", _system.InspectScheduler().HeldUp));
        foreach (var ring in rings)
        {
            // Each actor is alive at the end, and has the token that it had at the beginning.
            var steps = ring.Steps;
            await Until.TrueAsync(() => ring.Steps > steps + RingSize, () => $"a ring stands at {ring.Steps}");
            Assert.Null(ring.Broken);
        }

        var scheduler = _system.InspectScheduler();
        Assert.InRange(scheduler.Threads, scheduler.Workers, scheduler.Workers + 16);
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(grown < MayGrowBy, $"{grown} bytes more than at the start");
    }

    private async Task<int> AskAsync()
    {
        var echo = _system.ActorOf(Props.Create(() => new Echo()));
        var count = 0;
        for (; !_over.IsCancellationRequested; count++)
        {
            Assert.Equal(count, await echo.Ask<int>(count, Limit));
        }

        return count;
    }

    /// <summary>Starts one actor after another with the same name. Each is watched, blocked, perhaps restarted, and stopped.</summary>
    private async Task<int> LiveAndEndAsync(int slot, Random random)
    {
        var lives = 0;
        for (; !_over.IsCancellationRequested; lives++)
        {
            var actor = await TakeNameAsync($"slot-{slot}");
            var early = Watch(actor);
            Hold(actor, random);
            if (random.Next(2) == 0)
            {
                Restart(actor);
                Hold(actor, random);
            }

            if (random.Next(2) == 0)
            {
                await actor.Ask<ActorIdentity>(new Identify(null), Limit);
                Hold(actor, random);
            }

            var late = Watch(actor);
            var how = End(actor, random);
            await Until.TrueAsync(
                () => early.Concat(late).All(end => end.IsCompleted),
                () => $"{_system.Inspect(actor.Path.ToStringWithoutAddress())} after {how}: "
                    + $"{early.Count(end => end.IsCompleted)} + {late.Count(end => end.IsCompleted)} of {Watchers} + {Watchers} watchers were notified");
        }

        return lives;
    }

    /// <summary>The guardian may get the Terminated of an actor a moment after the watchers.</summary>
    private async Task<IActorRef> TakeNameAsync(string name)
    {
        IActorRef? taken = null;
        await Until.TrueAsync(
            () =>
            {
                try
                {
                    taken = _system.ActorOf(Props.Create(() => new Trouble()), name);
                    return true;
                }
                catch (InvalidActorNameException)
                {
                    return false;
                }
            },
            () => $"{name} is still taken");
        return taken!;
    }

    private List<Task> Watch(IActorRef actor)
    {
        var ends = Enumerable.Range(0, Watchers).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToList();
        foreach (var ended in ends)
        {
            _system.ActorOf(Props.Create(() => new Watcher(actor, ended)));
        }

        return [.. ends.Select(ended => ended.Task)];
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
                Hold(trouble, random);
            }

            if (random.Next(4) == 0)
            {
                Restart(trouble);
            }

            End(trouble, random);
        }
    }

    private static void Hold(IActorRef trouble, Random random) =>
        trouble.Tell(new Held(TimeSpan.FromMilliseconds(random.Next(0, 60)), Burns: random.Next(4) == 0), ActorRefs.NoSender);

    private static void Restart(IActorRef trouble)
    {
        ((IInternalActorRef)trouble).Suspend();
        ((IInternalActorRef)trouble).Restart(new InvalidOperationException("stress"));
    }

    private string End(IActorRef trouble, Random random)
    {
        switch (random.Next(3))
        {
            case 0:
                _system.Stop(trouble);
                return "a stop";
            case 1:
                trouble.Tell(Kill.Instance, ActorRefs.NoSender);
                return "a kill";
            default:
                trouble.Tell(PoisonPill.Instance, ActorRefs.NoSender);
                return "a poison pill";
        }
    }

    private sealed record Held(TimeSpan Time, bool Burns);

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

    private sealed class Watcher : ReceiveActor
    {
        public Watcher(IActorRef watched, TaskCompletionSource ended)
        {
            Context.Watch(watched);
            Receive<Terminated>(_ =>
            {
                ended.SetResult();
                Context.Stop(Self);
            });
        }
    }

    private sealed class Trouble : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            var held = (Held)message;
            if (!held.Burns)
            {
                Thread.Sleep(held.Time);
                return;
            }

            for (var begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin) < held.Time;)
            {
            }
        }
    }
}
