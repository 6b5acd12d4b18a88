using Akka.Dispatch;

namespace AllInOne.Actors.Tests.Abandoning;

/// <summary>The moment at which the monitor takes an actor from its thread: the thread then harms neither the successor nor another actor.</summary>
public sealed class TakeoverTests() : RunawayTest("workers = 2, spare-threads = 4, abandon-after = 50ms")
{
    private const int Rounds = 15;

    [Fact]
    public async Task The_receivers_of_an_abandoned_sender_still_get_their_messages()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var receivers = Enumerable.Range(0, 64).Select(_ => System.ActorOf(Recipe.Of(() => new Answers()))).ToArray();
            var sender = StartPuppet();
            var isOver = false;
            await HoldUpAsync(sender, () =>
            {
                for (var i = 0; !Volatile.Read(ref isOver); i++)
                {
                    receivers[i % receivers.Length].Tell(i, ActorRefs.NoSender);
                    Thread.SpinWait(20);
                }
            });
            System.Stop(sender);
            await WhenGoneAsync(sender);

            foreach (var receiver in receivers)
            {
                await receiver.Ask<string>("?", Patience);
            }

            Volatile.Write(ref isOver, true);
            await NobodyIsHeldUpAsync();
        }
    }

    [Fact]
    public async Task An_actor_that_was_starting_children_starts_them_again_after_its_restart()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var brood = new Brood();
            var parent = System.ActorOf(Recipe.Of(() => new Breeds(brood)));
            parent.Tell("breed", ActorRefs.NoSender);
            await Until.TrueAsync(() => brood.Count > 10, () => $"{System.Inspect(parent.Path.ToStringWithoutAddress())}");
            Restart(parent);

            // The answer comes after the restart, so the first instance starts no more children.
            await parent.Ask<ActorIdentity>(new Identify(null), Patience);
            Assert.Equal("", await parent.Ask<string>(brood.Count + 10, Patience));
            brood.IsOver = true;
            System.Stop(parent);
            await System.WhenStoppedAsync(parent);
            await NobodyIsHeldUpAsync();
        }
    }

    [Fact]
    public async Task An_actor_that_is_restarted_again_while_a_hook_of_the_first_restart_is_stuck_answers()
    {
        var restarts = 0;
        var inHook = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Action hook = () =>
        {
            if (Interlocked.Increment(ref restarts) == 1)
            {
                inHook.SetResult();
                Block();
            }
        };
        var actor = System.ActorOf(Recipe.Of(() => new Hooked(hook)));
        await actor.Ask<string>("?", Patience);
        Restart(actor);
        await inHook.Task.WaitAsync(Patience);
        Restart(actor);

        await actor.Ask<string>("?", Patience);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_task_of_PreStart_that_is_stuck_does_not_suspend_the_next_instance(bool isAfterAwait)
    {
        var instances = 0;
        var stuck = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Func<Task> work = async () =>
        {
            if (Interlocked.Increment(ref instances) == 1)
            {
                if (isAfterAwait)
                {
                    await Task.Yield();
                }

                stuck.SetResult();
                Spin();
            }
        };
        var actor = System.ActorOf(Recipe.Of(() => new WorksAtStart(work)));
        await stuck.Task.WaitAsync(Patience);
        Restart(actor);

        await actor.Ask<string>("?", Patience);
    }

    [Fact]
    public async Task An_actor_with_another_mailbox_type_restarts_after_its_children_have_stopped()
    {
        using var system = TestSystem.Create("other", """
            few { mailbox-type = "Akka.Dispatch.BoundedMailbox, Akka", mailbox-capacity = 1000, mailbox-push-timeout-time = 1s }
            """);
        var actor = system.ActorOf(Recipe.Of(() => new HasChild()).WithMailbox("few"));
        await actor.Ask<string>("?", Patience);
        Restart(actor);

        await actor.Ask<string>("?", Patience);
        await system.Terminate().WaitAsync(Patience);
    }

    private sealed class Answers : ReceiveActor
    {
        public Answers() => ReceiveAny(message =>
        {
            if (message is string)
            {
                Sender.Tell("here");
            }
        });
    }

    /// <summary>Counts the children that are started, until the test ends this.</summary>
    private sealed class Brood
    {
        private int _count;
        private volatile bool _isOver;

        public bool IsOver
        {
            get => _isOver;
            set => _isOver = value;
        }

        public int Count => Volatile.Read(ref _count);

        public void Add() => Interlocked.Increment(ref _count);
    }

    private sealed class Breeds : ReceiveActor
    {
        public Breeds(Brood brood)
        {
            Receive<string>(_ =>
            {
                for (var i = 0; !brood.IsOver; i++)
                {
                    Context.ActorOf(Recipe.Of(() => new Answers()), $"child-{i}");
                    brood.Add();
                    Thread.SpinWait(300);
                }
            });
            Receive<int>(count =>
            {
                var failures = Enumerable.Range(0, count).Select(i => Record.Exception(() => Context.ActorOf(Recipe.Of(() => new Answers()), $"child-{i}")));
                Sender.Tell(string.Join("; ", failures.OfType<Exception>().Select(failure => failure.Message)));
            });
        }
    }

    private sealed class Hooked : ReceiveActor
    {
        private readonly Action _hook;

        public Hooked(Action hook)
        {
            _hook = hook;
            ReceiveAny(_ => Sender.Tell("here"));
        }

        protected override void PreRestart(Exception reason, object message) => _hook();
    }

    private sealed class WorksAtStart : ReceiveActor
    {
        private readonly Func<Task> _work;

        public WorksAtStart(Func<Task> work)
        {
            _work = work;
            ReceiveAny(_ => Sender.Tell("here"));
        }

        protected override void PreStart() => ActorTaskScheduler.RunTask(_work);
    }

    private sealed class HasChild : ReceiveActor
    {
        public HasChild()
        {
            Context.ActorOf(Recipe.Of(() => new SlowStop()), "child");
            ReceiveAny(_ => Sender.Tell("here"));
        }
    }

    private sealed class SlowStop : ReceiveActor
    {
        protected override void PostStop() => Thread.Sleep(20);
    }
}
