using System.Collections.Concurrent;

namespace AllInOne.Actors.Tests.Abandoning;

/// <summary>An actor is stuck in the code of a system message. The system messages behind it, and its children, are not lost.</summary>
public sealed class StuckInSystemMessageTests : RunawayTest
{
    [Fact]
    public async Task Watchers_whose_watch_waits_behind_a_decision_that_does_not_end_are_notified()
    {
        var parent = StartPuppet(new OneForOneStrategy(_ =>
        {
            Spin();
            return Directive.Resume;
        }));
        var child = await StartChildAsync(parent);
        using var gate = new ManualResetEventSlim();
        await HoldUpAsync(parent, gate.Wait);

        // The parent takes all of these from its mailbox at once.
        child.Tell(new Crash(Failure()), ActorRefs.NoSender);
        await Until.TrueAsync(() => System.Inspect(child.Path.ToStringWithoutAddress())!.Status == "suspended", () => "no failure");
        await Probe.WatchAsync(parent);
        System.Stop(parent);
        gate.Set();

        await Probe.ExpectTerminatedAsync(parent);
        await System.WhenStoppedAsync(child);
    }

    [Fact]
    public async Task A_hook_that_waits_is_abandoned_although_the_actor_has_children()
    {
        var instances = 0;
        Func<int> number = () => Interlocked.Increment(ref instances);
        Action<int, string> visit = (instance, place) =>
        {
            if ((instance, place) == (1, "PreRestart"))
            {
                Block();
            }
        };
        var actor = System.ActorOf(Recipe.Of(() => new Staged(number, visit)));
        var child = await actor.Ask<IActorRef>("start a child", Patience);
        Restart(actor);

        Assert.Equal(2, await actor.Ask<int>("who", Patience));
        await System.WhenStoppedAsync(child);
        LetGo();
        await NobodyIsHeldUpAsync();
        Assert.Equal(2, await actor.Ask<int>("who", Patience));
    }

    [Fact]
    public async Task The_start_of_a_new_instance_may_take_longer_than_a_message()
    {
        var instances = 0;
        Func<int> number = () => Interlocked.Increment(ref instances);
        var starts = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Action<int, string> visit = (instance, place) =>
        {
            if ((instance, place) == (2, "constructor"))
            {
                starts.TrySetResult();
                Block();
            }
        };
        var actor = System.ActorOf(Recipe.Of(() => new Staged(number, visit)));
        Restart(actor);
        await starts.Task.WaitAsync(Patience);

        // Ten times the limit for a message.
        await HeldUpAsync(actor, held => DateTimeOffset.UtcNow - held.Since > TimeSpan.FromMilliseconds(500));
        LetGo();

        Assert.Equal(2, await actor.Ask<int>("who", Patience));
        Assert.Equal(1, System.Inspect(actor.Path.ToStringWithoutAddress())!.Restarts);
    }

    [Fact]
    public async Task An_await_of_an_old_instance_does_not_continue_in_the_new_one()
    {
        var (inPlace, awaited) = (new TaskCompletionSource(), new TaskCompletionSource());
        var after = new ConcurrentQueue<string>();
        Func<string, Task> work = async message =>
        {
            if (message == "stuck")
            {
                inPlace.SetResult();
                Spin();
                await awaited.Task;
                after.Enqueue("the old instance");
            }
        };
        var actor = System.ActorOf(Recipe.Of(() => new Awaiting(Probe.Ref, work)));
        actor.Tell("stuck", ActorRefs.NoSender);
        await inPlace.Task.WaitAsync(Patience);
        Restart(actor);
        actor.Tell("next", ActorRefs.NoSender);
        await ExpectAsync("begins stuck", "begins next", "ends next");
        LetGo();
        await NobodyIsHeldUpAsync();

        awaited.SetResult();

        actor.Tell("last", ActorRefs.NoSender);
        await ExpectAsync("begins last", "ends last");
        Assert.Empty(after);
    }

    private sealed class Staged : ReceiveActor
    {
        private readonly int _instance;
        private readonly Action<int, string> _visit;

        public Staged(Func<int> number, Action<int, string> visit)
        {
            (_instance, _visit) = (number(), visit);
            visit(_instance, "constructor");
            Receive<string>(question => question == "who", _ => Sender.Tell(_instance));
            Receive<string>(_ => Sender.Tell(Context.ActorOf(Props.Create(() => new Idle()))));
        }

        protected override void PreRestart(Exception reason, object? message) => _visit(_instance, "PreRestart");
    }

    private sealed class Idle : ReceiveActor;
}
