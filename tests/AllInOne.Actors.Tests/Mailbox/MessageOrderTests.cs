namespace AllInOne.Actors.Tests.Mailbox;

public sealed class MessageOrderTests : ActorTest
{
    private sealed record Numbered(int Sender, int Number);

    [Fact]
    public async Task Messages_of_each_sender_arrive_once_and_in_their_order_while_others_send_too()
    {
        const int Senders = 8;
        const int Each = 20_000;
        var done = new TaskCompletionSource<string>();
        var actor = System.ActorOf(Props.Create(() => new ChecksOrder(Senders, Each, done)));

        await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(() =>
        {
            for (var number = 0; number < Each; number++)
            {
                actor.Tell(new Numbered(sender, number), ActorRefs.NoSender);
            }
        })));

        Assert.Equal("in order", await done.Task.WaitAsync(Patience));
        Assert.Equal(Senders * Each, await actor.Ask<int>("count", Patience));
    }

    [Fact]
    public async Task One_message_is_handled_at_a_time_and_sees_the_writes_of_the_previous_one()
    {
        var actor = System.ActorOf(Props.Create(() => new CountsWithoutLock()));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                actor.Tell("count", ActorRefs.NoSender);
            }
        })));

        Assert.Equal(80_000, await actor.Ask<int>("get", Patience));
    }

    [Fact]
    public async Task A_message_that_an_actor_sends_to_itself_comes_after_the_waiting_messages()
    {
        using var gate = new ManualResetEventSlim();
        var actor = StartPuppet();
        actor.Tell(
            new Do(context =>
            {
                gate.Wait(Patience);
                context.Self.Tell("own", context.Self);
            }),
            ActorRefs.NoSender);
        actor.Tell("waiting", ActorRefs.NoSender);
        gate.Set();

        await ExpectAsync("waiting", "own");
    }

    [Fact]
    public async Task Order_holds_along_a_chain_of_actors()
    {
        var third = StartPuppet();
        var second = System.ActorOf(Props.Create(() => new PassesOn(third)));
        var first = System.ActorOf(Props.Create(() => new PassesOn(second)));

        for (var i = 0; i < 1_000; i++)
        {
            first.Tell(i, ActorRefs.NoSender);
        }

        for (var i = 0; i < 1_000; i++)
        {
            Assert.Equal(i, await Probe.ExpectMsgAsync<object>());
        }
    }

    [Fact]
    public async Task The_last_message_of_an_actor_comes_before_its_Terminated()
    {
        var actor = StartPuppet();
        await Probe.WatchAsync(actor);
        for (var i = 0; i < 100; i++)
        {
            actor.Tell(i, ActorRefs.NoSender);
        }

        actor.Tell(PoisonPill.Instance, ActorRefs.NoSender);

        await ExpectAsync([.. Enumerable.Range(0, 100).Cast<object>()]);
        await Probe.ExpectTerminatedAsync(actor);
    }

    private sealed class ChecksOrder : UntypedActor
    {
        private readonly int[] _next;
        private readonly int _all;
        private readonly TaskCompletionSource<string> _done;
        private int _count;

        public ChecksOrder(int senders, int each, TaskCompletionSource<string> done)
        {
            _next = new int[senders];
            _all = senders * each;
            _done = done;
        }

        protected override void OnReceive(object message)
        {
            if (message is not Numbered numbered)
            {
                Sender.Tell(_count, Self);
                return;
            }

            if (_next[numbered.Sender]++ != numbered.Number)
            {
                _done.TrySetResult($"expected {_next[numbered.Sender] - 1}, got {numbered}");
            }

            if (++_count == _all)
            {
                _done.TrySetResult("in order");
            }
        }
    }

    private sealed class CountsWithoutLock : UntypedActor
    {
        private int _count;
        private int _inside;

        protected override void OnReceive(object message)
        {
            if (Interlocked.Increment(ref _inside) != 1)
            {
                throw Failure("two at once");
            }

            if (message is "get")
            {
                Sender.Tell(_count, Self);
            }

            _count++;
            Interlocked.Decrement(ref _inside);
        }
    }

    private sealed class PassesOn(IActorRef next) : UntypedActor
    {
        protected override void OnReceive(object message) => next.Tell(message, Self);
    }
}
