namespace AllInOne.Actors.Tests.Inspection;

/// <summary>Tests each possible value of <see cref="ActorInfo.Status"/>.</summary>
public sealed class StatusTests() : ActorTest(BlockingGuardian.CreateSystem())
{
    [Fact]
    public async Task An_actor_is_busy_in_a_message_and_idle_between_two()
    {
        using var gate = new ManualResetEventSlim();
        var actor = StartPuppet();
        await OccupyAsync(actor, gate);
        var busy = Inspect(actor);
        Assert.Equal(("busy", typeof(Do)), (busy.Status, busy.Message));
        Assert.NotNull(busy.Since);
        gate.Set();

        await IsAsync(actor, "idle");
        var idle = Inspect(actor);
        Assert.Null(idle.Message);
        Assert.Null(idle.Since);
    }

    [Fact]
    public async Task An_actor_is_waiting_in_an_await()
    {
        var gate = new TaskCompletionSource();
        var actor = System.ActorOf(Recipe.Of(() => new Awaiting(Probe.Ref, _ => gate.Task)));
        actor.Tell("first", ActorRefs.NoSender);
        await IsAsync(actor, "waiting");

        gate.SetResult();
        await IsAsync(actor, "idle");
    }

    [Fact]
    public async Task An_actor_is_suspended_until_it_is_resumed()
    {
        var actor = StartPuppet();
        await SettledAsync(actor);
        ((IInternalActorRef)actor).Suspend();
        actor.Tell("later", ActorRefs.NoSender);
        await IsAsync(actor, "suspended");
        Assert.Equal(1, Inspect(actor).Mailbox);

        ((IInternalActorRef)actor).Resume(null);
        await ExpectAsync("later");
        await IsAsync(actor, "idle");
    }

    [Fact]
    public async Task An_actor_is_restarting_until_its_new_instance_takes_a_message()
    {
        using var gate = new ManualResetEventSlim();
        var actor = StartPuppet();
        await OccupyAsync(actor, gate);
        Restart(actor);
        Assert.Equal(("restarting", 0), (Inspect(actor).Status, Inspect(actor).Restarts));

        gate.Set();
        await SettledAsync(actor);
        await IsAsync(actor, "idle");
        Assert.Equal(1, Inspect(actor).Restarts);
    }

    [Fact]
    public async Task An_actor_is_stopping_while_its_children_do_and_then_it_is_gone()
    {
        using var gate = new ManualResetEventSlim();
        var parent = StartPuppet();
        var child = await StartChildAsync(parent);
        await OccupyAsync(child, gate);
        System.Stop(parent);
        await IsAsync(parent, "stopping");

        gate.Set();
        await WhenGoneAsync(parent);
    }

    [Fact]
    public async Task A_top_level_actor_is_starting_until_the_guardian_has_taken_it()
    {
        using var gate = new ManualResetEventSlim();
        using var failure = new BlockingFailure(gate);
        var failing = StartPuppet();
        failing.Tell(new Crash(failure), ActorRefs.NoSender);
        Assert.True(await Task.Run(() => failure.IsDecided.Wait(Patience)));
        var late = StartPuppet(name: "late");
        late.Tell("first", ActorRefs.NoSender);
        Assert.Equal("starting", Inspect(late).Status);

        gate.Set();
        await ExpectAsync("first");
        await IsAsync(late, "idle");
    }

    private ActorInfo Inspect(IActorRef actor) => System.Inspect(actor.Path.ToStringWithoutAddress())!;

    private Task IsAsync(IActorRef actor, string status) =>
        Until.TrueAsync(() => Inspect(actor).Status == status, () => Inspect(actor).ToString());

    /// <summary>A guardian whose decision about a <see cref="BlockingFailure"/> takes long.</summary>
    public sealed class BlockingGuardian : SupervisorStrategyConfigurator
    {
        public static ActorSystem CreateSystem() => TestSystem.Create(
            "test", $"akka.actor.guardian-supervisor-strategy = \"{typeof(BlockingGuardian).AssemblyQualifiedName}\"");

        public override SupervisorStrategy Create() => new OneForOneStrategy(cause =>
        {
            (cause as BlockingFailure)?.Wait();
            return Directive.Restart;
        });
    }

    private sealed class BlockingFailure(ManualResetEventSlim gate) : Exception, IDisposable
    {
        public ManualResetEventSlim IsDecided { get; } = new();

        public void Wait()
        {
            IsDecided.Set();
            gate.Wait(Patience);
        }

        public void Dispose() => IsDecided.Dispose();
    }
}
