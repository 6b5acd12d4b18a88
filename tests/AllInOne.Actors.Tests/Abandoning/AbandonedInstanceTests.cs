using System.Collections.Concurrent;

namespace AllInOne.Actors.Tests.Abandoning;

/// <summary>An abandoned instance returns after its actor has a new instance: it must not affect the actor.</summary>
public sealed class AbandonedInstanceTests : RunawayTest
{
    private readonly ConcurrentQueue<(int Instance, string Place)> _visits = new();
    private readonly TaskCompletionSource _inPlace = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _instances;

    [Fact]
    public async Task A_constructor_that_returns_late_does_not_replace_the_new_instance()
    {
        var actor = Start(stuckIn: (1, "constructor"));
        await _inPlace.Task.WaitAsync(Patience);
        Restart(actor);
        Assert.Equal(2, await WhoAsync(actor));

        await IsStillTheSecondAsync(actor);
        Assert.DoesNotContain((1, "PreStart"), _visits);
    }

    [Theory]
    [InlineData("PreRestart")]
    [InlineData("PreStart")]
    public async Task A_restart_continues_although_a_hook_of_the_old_instance_does_not_end(string hook)
    {
        var actor = Start(stuckIn: (1, hook));
        if (hook == "PreRestart")
        {
            Assert.Equal(1, await WhoAsync(actor));
        }
        else
        {
            await _inPlace.Task.WaitAsync(Patience);
        }

        Restart(actor);
        Assert.Equal(2, await WhoAsync(actor));

        await IsStillTheSecondAsync(actor);
    }

    [Fact]
    public async Task A_stop_is_not_lost_when_the_new_instance_of_a_restart_is_stuck()
    {
        var actor = Start(stuckIn: (2, "constructor"));
        using var gate = new ManualResetEventSlim();
        actor.Tell(new Run(_ => gate.Wait(Patience)), ActorRefs.NoSender);
        await HeldUpAsync(actor, _ => true);
        Restart(actor);
        System.Stop(actor);
        gate.Set();

        await System.WhenStoppedAsync(actor);
    }

    [Fact]
    public async Task A_handler_that_reaches_its_await_too_late_does_not_block_the_new_instance()
    {
        var actor = Start();
        var inHand = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        actor.Tell(
            new RunAsync(async () =>
            {
                inHand.SetResult();
                Spin();
                await new TaskCompletionSource().Task;
            }),
            ActorRefs.NoSender);
        await inHand.Task.WaitAsync(Patience);
        Restart(actor);
        Assert.Equal(2, await WhoAsync(actor));

        await IsStillTheSecondAsync(actor);
    }

    [Fact]
    public async Task A_message_that_the_old_instance_declines_too_late_is_not_passed_to_Unhandled_of_the_new_instance()
    {
        var actor = Start();
        await StuckAsync(actor, declines: true);
        Restart(actor);
        Assert.Equal(2, await WhoAsync(actor));

        LetGo();
        await NobodyIsHeldUpAsync();
        Assert.DoesNotContain((2, "Unhandled"), _visits);
    }

    [Fact]
    public async Task Calls_of_the_old_instance_on_its_context_do_not_affect_the_new_instance()
    {
        var (actor, other) = (Start(), StartPuppet());
        var started = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await StuckAsync(actor, then: context =>
        {
            context.Watch(other);
            context.SetReceiveTimeout(TimeSpan.FromMilliseconds(1));
            context.Become(_ => true);
            context.Stop(other);
            context.Self.Tell("too late", context.Self);
            started.SetResult(Record.Exception(() => context.ActorOf(Puppet.Props(Probe.Ref, null), "child")));
        });
        Restart(actor);
        Assert.Equal(2, await WhoAsync(actor));
        LetGo();
        Assert.IsType<InvalidOperationException>(await started.Task.WaitAsync(Patience));
        await NobodyIsHeldUpAsync();

        // The actor still answers and has no child. It gets no Terminated before it watches an actor itself.
        Assert.Equal(2, await WhoAsync(actor));
        Assert.Null(System.Resolve(actor.Path.ToStringWithoutAddress() + "/child"));
        await SettledAsync(other);
        actor.Tell(new Run(context => context.Watch(other)), ActorRefs.NoSender);
        Assert.Equal(2, await WhoAsync(actor));
        System.Stop(other);
        await ExpectAsync(new Ended(other));
        Assert.DoesNotContain((2, "Unhandled"), _visits);
    }

    [Fact]
    public async Task A_message_that_the_abandoned_instance_schedules_is_never_sent()
    {
        var actor = Start();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await StuckAsync(actor, then: context =>
        {
            context.System.Scheduler.ScheduleTellOnce(TimeSpan.Zero, Probe.Ref, "too late", ActorRefs.NoSender);
            asked.SetResult();
        });
        System.Stop(actor);
        await System.WhenStoppedAsync(actor);
        LetGo();
        await asked.Task.WaitAsync(Patience);

        System.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(20), Probe.Ref, "in time", ActorRefs.NoSender);
        await ExpectAsync("in time");
    }

    [Fact]
    public async Task An_actor_that_is_stuck_in_the_text_of_a_traced_message_can_be_stopped()
    {
        var actor = Start();
        await IdleAsync(actor);
        var path = actor.Path.ToStringWithoutAddress();
        await using var trace = System.Trace(path, 1, CancellationToken.None)!.GetAsyncEnumerator();
        var reading = trace.MoveNextAsync();
        actor.Tell(new Endless(Spin), ActorRefs.NoSender);
        await HeldUpAsync(actor, _ => true);
        System.Stop(actor);

        await System.WhenStoppedAsync(actor);
        Assert.False(await reading);
    }

    private IActorRef Start((int Instance, string Place)? stuckIn = null)
    {
        Action<int, string> visit = (instance, place) =>
        {
            _visits.Enqueue((instance, place));
            if (stuckIn == (instance, place))
            {
                _inPlace.TrySetResult();
                Spin();
            }
        };
        Func<int> number = () => Interlocked.Increment(ref _instances);
        var probe = Probe.Ref;
        return System.ActorOf(Recipe.Of(() => new Staged(number, probe, visit)));
    }

    /// <summary>Keeps an actor in one message until the test releases it.</summary>
    private async Task StuckAsync(IActorRef actor, Action<IActorContext>? then = null, bool declines = false)
    {
        var inHand = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        actor.Tell(
            new Run(
                context =>
                {
                    inHand.SetResult();
                    Spin();
                    then?.Invoke(context);
                },
                declines),
            ActorRefs.NoSender);
        await inHand.Task.WaitAsync(Patience);
    }

    /// <summary>The second instance is still in place after the first one has returned.</summary>
    private async Task IsStillTheSecondAsync(IActorRef actor)
    {
        LetGo();
        await NobodyIsHeldUpAsync();
        Assert.Equal(2, await WhoAsync(actor));
    }

    private static Task<int> WhoAsync(IActorRef actor) => actor.Ask<int>("who", Patience);

    private sealed record Run(Action<IActorContext> Code, bool Declines = false);

    private sealed record Ended(IActorRef Actor);

    private sealed record RunAsync(Func<Task> Code);

    private sealed class Endless(Action spin)
    {
        public override string ToString()
        {
            spin();
            return "";
        }
    }

    private sealed class Staged : ReceiveActor
    {
        private readonly int _instance;
        private readonly Action<int, string> _visit;

        public Staged(Func<int> number, IActorRef probe, Action<int, string> visit)
        {
            (_instance, _visit) = (number(), visit);
            visit(_instance, "constructor");
            var context = (IActorContext)Context;
            Receive<string>(_ => Sender.Tell(_instance));
            Receive<Run>(run =>
            {
                run.Code(context);
                return !run.Declines;
            });
            ReceiveAsync<RunAsync>(run => run.Code());
            Receive<Terminated>(terminated => probe.Tell(new Ended(terminated.ActorRef)));
            Receive<Endless>(_ => { });
        }

        protected override void PreStart() => _visit(_instance, "PreStart");

        protected override void PreRestart(Exception reason, object? message) => _visit(_instance, "PreRestart");

        protected override void Unhandled(object message) => _visit(_instance, "Unhandled");
    }
}
