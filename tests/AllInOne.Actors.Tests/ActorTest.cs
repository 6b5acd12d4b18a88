namespace AllInOne.Actors.Tests;

/// <summary>A system and a probe for each test; the system is gone before the next test begins.</summary>
public abstract class ActorTest : IAsyncLifetime
{
    private TestProbe? _probe;

    protected ActorTest()
        : this(TestSystem.Create("test"))
    {
    }

    protected ActorTest(ActorSystem system) => System = system;

    protected ActorSystem System { get; }

    /// <summary>Told by the actors of a test what happens to them.</summary>
    protected TestProbe Probe => _probe ??= System.CreateProbe();

    protected static TimeSpan Patience => Probes.Patience;

    /// <summary>How long a test waits to prove that no message comes. The test always takes this whole time, so use it sparingly.</summary>
    protected static TimeSpan Silence { get; } = TimeSpan.FromMilliseconds(100);

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => System.Terminate().WaitAsync(Patience);

    protected static OneForOneStrategy Always(Directive directive) => new(_ => directive);

    protected static Exception Failure(string message = "as asked") => new TestFailure(message);

    /// <summary>A top-level actor that does what it is told and passes all else to the probe.</summary>
    protected IActorRef StartPuppet(SupervisorStrategy? strategy = null, string? name = null) =>
        System.ActorOf(Puppet.Props(Probe.Ref, strategy), name);

    /// <summary>A child of a puppet.</summary>
    protected static Task<IActorRef> StartChildAsync(IActorRef parent, Props props, string? name = null) =>
        parent.Ask<IActorRef>(new Do(context => context.Sender.Tell(context.ActorOf(props, name), context.Self)), Patience);

    /// <summary>A child puppet of a puppet.</summary>
    protected Task<IActorRef> StartChildAsync(IActorRef parent, string? name = null) =>
        StartChildAsync(parent, Puppet.Props(Probe.Ref, null), name);

    /// <summary>Completes when the actor has stopped and its name is free: its supervisor may learn of the end after the watchers.</summary>
    protected async Task WhenGoneAsync(IActorRef actor)
    {
        await System.WhenStoppedAsync(actor);
        await Until.TrueAsync(() => System.Inspect(actor.Path.ToStringWithoutAddress()) is null, () => $"{actor} keeps its name");
    }

    /// <summary>Restarts an actor as an administrator does, whether it has failed or not.</summary>
    protected static void Restart(IActorRef actor)
    {
        ((IInternalActorRef)actor).Suspend();
        ((IInternalActorRef)actor).Restart(Failure());
    }

    /// <summary>Keeps a puppet busy in one message until the gate opens.</summary>
    /// <returns>Ends when it has that message in hand.</returns>
    protected static Task OccupyAsync(IActorRef puppet, ManualResetEventSlim gate)
    {
        var inHand = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        puppet.Tell(
            new Do(_ =>
            {
                inHand.SetResult();
                gate.Wait(Patience);
            }),
            ActorRefs.NoSender);
        return inHand.Task.WaitAsync(Patience);
    }

    /// <summary>Ends when the actor has handled all that it was told before.</summary>
    protected static async Task SettledAsync(IActorRef actor) => await actor.Ask<ActorIdentity>(new Identify(null), Patience);

    /// <summary>Ends when the actor has no message in hand either: a trace begins with the message in hand.</summary>
    protected async Task IdleAsync(IActorRef actor)
    {
        var path = actor.Path.ToStringWithoutAddress();
        await SettledAsync(actor);
        await Until.TrueAsync(() => System.Inspect(path)!.Status == "idle", () => System.Inspect(path)!.Status);
    }

    /// <summary>A probe that gets what is published of <typeparamref name="T"/>.</summary>
    protected TestProbe Listen<T>()
    {
        var listener = System.CreateProbe();
        System.EventStream.Subscribe(listener.Ref, typeof(T));
        return listener;
    }

    /// <summary>The next messages, which must be these, in this order.</summary>
    protected async Task ExpectAsync(params object[] messages)
    {
        foreach (var message in messages)
        {
            await Probe.ExpectMsgAsync(message);
        }
    }
}
