namespace AllInOne.Actors.Tests.Inspection;

public sealed class TraceTests : ActorTest
{
    [Fact]
    public async Task A_trace_reports_each_message_with_its_sender_and_outcome()
    {
        var actor = StartPuppet(Always(Directive.Resume), "watched");
        await using var trace = await FollowAsync(actor);

        Probe.Send(actor, "hello");
        var handled = await NextAsync(trace);
        Assert.Equal((typeof(string), "hello", "handled", Probe.Ref), (handled.Type, handled.Text, handled.Outcome, handled.Sender));
        Assert.Null(handled.Error);

        actor.Tell(new Crash(Failure()), ActorRefs.NoSender);
        var failed = await NextAsync(trace);
        Assert.Equal((typeof(Crash), "failed", "as asked"), (failed.Type, failed.Outcome, failed.Error?.Message));
    }

    [Fact]
    public async Task A_trace_reports_an_unhandled_message_as_unhandled()
    {
        var actor = System.ActorOf(Recipe.Of(() => new Picky()), "picky");
        await using var trace = await FollowAsync(actor);
        actor.Tell(1, ActorRefs.NoSender);
        actor.Tell("text", ActorRefs.NoSender);

        Assert.Equal("unhandled", (await NextAsync(trace)).Outcome);
        Assert.Equal("handled", (await NextAsync(trace)).Outcome);
    }

    [Fact]
    public async Task A_trace_reports_an_unhandled_message_as_unhandled_although_its_thread_has_lost_its_seat()
    {
        using var gate = new ManualResetEventSlim();
        var actor = System.ActorOf(Recipe.Of(() => new Slow(gate)), "slow");
        await using var trace = await FollowAsync(actor);
        actor.Tell(1, ActorRefs.NoSender);
        await Until.TrueAsync(() => System.InspectScheduler().HeldUp.Any(held => held.Path == "/user/slow"));
        gate.Set();

        Assert.Equal("unhandled", (await NextAsync(trace)).Outcome);
    }

    [Fact]
    public async Task A_trace_of_an_actor_with_a_message_in_hand_begins_with_that_one()
    {
        using var gate = new ManualResetEventSlim();
        var actor = StartPuppet(name: "stuck");
        await OccupyAsync(actor, gate);
        await using var trace = System.Trace("/user/stuck", 1, CancellationToken.None)!.GetAsyncEnumerator();

        var inHand = await NextAsync(trace);
        Assert.Equal((typeof(Do), "inHand"), (inHand.Type, inHand.Outcome));
        gate.Set();
    }

    [Fact]
    public async Task A_sampled_trace_reports_one_of_several_messages_and_every_failure()
    {
        var actor = StartPuppet(Always(Directive.Resume), "watched");
        await using var trace = await FollowAsync(actor, every: 10);
        for (var i = 0; i < 20; i++)
        {
            actor.Tell(i, ActorRefs.NoSender);
        }

        actor.Tell(new Crash(Failure()), ActorRefs.NoSender);
        var told = new List<TracedEnvelope> { await NextAsync(trace), await NextAsync(trace), await NextAsync(trace) };
        Assert.Equal(("0", "10", "failed"), (told[0].Text, told[1].Text, told[2].Outcome));
        Assert.Equal([0L, 9L, 9L], told.Select(each => each.Skipped));
    }

    [Fact]
    public async Task Messages_for_which_a_slow_reader_leaves_no_room_are_counted()
    {
        const int Messages = 5_000;
        var actor = StartPuppet(name: "watched");
        await using var trace = await FollowAsync(actor);
        for (var i = 0; i < Messages; i++)
        {
            actor.Tell(i, ActorRefs.NoSender);
        }

        await SettledAsync(actor);
        var (told, skipped) = (0L, 0L);
        for (var last = ""; last != "the last"; told++)
        {
            if (told == 100)
            {
                // The buffer has room again.
                actor.Tell("the last", ActorRefs.NoSender);
            }

            var next = await NextAsync(trace);
            (last, skipped) = (next.Text, skipped + next.Skipped);
        }

        Assert.True(skipped > 0);

        // The Identify of SettledAsync is one of them too.
        Assert.Equal(Messages + 2, told + skipped);
    }

    [Fact]
    public async Task A_message_that_cannot_be_shown_as_text_fails_neither_its_actor_nor_the_trace()
    {
        var actor = StartPuppet(name: "watched");
        await using var trace = await FollowAsync(actor);
        actor.Tell(new Unspeakable(), ActorRefs.NoSender);
        actor.Tell(new string('x', 10_000), ActorRefs.NoSender);

        Assert.Null((await NextAsync(trace)).Text);
        Assert.Equal(201, (await NextAsync(trace)).Text!.Length);
    }

    [Fact]
    public async Task A_trace_ends_with_its_actor_and_when_it_is_cancelled()
    {
        var actor = StartPuppet(name: "watched");
        await using var ending = await FollowAsync(actor);
        System.Stop(actor);
        Assert.False(await _next!.WaitAsync(Patience));

        using var cancel = new CancellationTokenSource();
        var other = StartPuppet(name: "other");
        await SettledAsync(other);
        await using var cancelled = System.Trace("/user/other", 1, cancel.Token)!.GetAsyncEnumerator();
        var next = cancelled.MoveNextAsync().AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.WaitAsync(Patience));
        other.Tell("nobody watches", ActorRefs.NoSender);
        await ExpectAsync("nobody watches");
    }

    [Fact]
    public void A_path_without_an_actor_has_no_trace() => Assert.Null(System.Trace("/user/nobody", 1, CancellationToken.None));

    /// <summary>The trace has certainly begun before the actor stops.</summary>
    [Fact]
    public async Task A_trace_that_begins_after_the_end_of_its_actor_ends_at_once()
    {
        var actor = StartPuppet(name: "short");
        await SettledAsync(actor);
        await using var trace = System.Trace("/user/short", 1, CancellationToken.None)!.GetAsyncEnumerator();
        System.Stop(actor);
        await WhenGoneAsync(actor);

        Assert.False(await trace.MoveNextAsync().AsTask().WaitAsync(Patience));
    }

    private async Task<IAsyncEnumerator<TracedEnvelope>> FollowAsync(IActorRef actor, int every = 1)
    {
        await IdleAsync(actor);
        var trace = System.Trace(actor.Path.ToStringWithoutAddress(), every, CancellationToken.None)!.GetAsyncEnumerator();
        _next = trace.MoveNextAsync().AsTask();
        return trace;
    }

    private Task<bool>? _next;

    private async Task<TracedEnvelope> NextAsync(IAsyncEnumerator<TracedEnvelope> trace)
    {
        var next = _next ?? trace.MoveNextAsync().AsTask();
        _next = null;
        Assert.True(await next.WaitAsync(Patience));
        return trace.Current;
    }

    private sealed class Picky : ReceiveActor
    {
        public Picky() => Receive<string>(_ => { });
    }

    private sealed class Slow(ManualResetEventSlim gate) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            gate.Wait(Patience);
            Unhandled(message);
        }
    }

    private sealed class Unspeakable
    {
        public override string ToString() => throw new InvalidOperationException("no words");
    }
}
