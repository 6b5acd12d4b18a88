namespace AllInOne.Actors.Tests;

/// <summary>The base of the tests with actors: a system and a probe for each test. The system has terminated before the next test begins.</summary>
public abstract class ActorTest : IAsyncLifetime
{
    private TestProbe? _probe;

    protected ActorTest()
        : this(TestSystem.Create("test"))
    {
    }

    protected ActorTest(ActorSystem system) => System = system;

    protected ActorSystem System { get; }

    /// <summary>The probe that gets the messages of the actors of a test.</summary>
    protected TestProbe Probe => _probe ??= System.CreateProbe();

    protected static TimeSpan Patience => Probes.Patience;

    /// <summary>How long a test waits to prove that no message comes. The test always takes this whole time, so use it sparingly.</summary>
    protected static TimeSpan Silence { get; } = TimeSpan.FromMilliseconds(100);

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => System.Terminate().WaitAsync(Patience);

    protected static OneForOneStrategy Always(Directive directive) => new(_ => directive);

    protected static Exception Failure(string message = "as asked") => new TestFailure(message);

    /// <summary>Starts a top-level actor that runs the code it receives and passes all other messages to the probe.</summary>
    protected IActorRef StartPuppet(SupervisorStrategy? strategy = null, string? name = null) =>
        System.ActorOf(Puppet.Props(Probe.Ref, strategy), name);

    /// <summary>Starts a child of a puppet.</summary>
    protected static Task<IActorRef> StartChildAsync(IActorRef parent, Props props, string? name = null) =>
        parent.Ask<IActorRef>(new Do(context => context.Sender.Tell(context.ActorOf(props, name), context.Self)), Patience);

    /// <summary>Starts a child puppet of a puppet.</summary>
    protected Task<IActorRef> StartChildAsync(IActorRef parent, string? name = null) =>
        StartChildAsync(parent, Puppet.Props(Probe.Ref, null), name);

    /// <summary>Completes when the actor has stopped and its name is free: the supervisor may get Terminated after the watchers.</summary>
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
    /// <returns>Completes when the puppet has this message in hand.</returns>
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

    /// <summary>Completes when the actor has handled all earlier messages.</summary>
    protected static async Task SettledAsync(IActorRef actor) => await actor.Ask<ActorIdentity>(new Identify(null), Patience);

    /// <summary>Completes when the actor also has no current message: a trace begins with the current message.</summary>
    protected async Task IdleAsync(IActorRef actor)
    {
        var path = actor.Path.ToStringWithoutAddress();
        await SettledAsync(actor);
        await Until.TrueAsync(() => System.Inspect(path)!.Status == "idle", () => System.Inspect(path)!.Status);
    }

    /// <summary>Creates a probe that gets all published events of type <typeparamref name="T"/>.</summary>
    protected TestProbe Listen<T>()
    {
        var listener = System.CreateProbe();
        System.EventStream.Subscribe(listener.Ref, typeof(T));
        return listener;
    }

    /// <summary>Expects exactly these messages next, in this order.</summary>
    protected async Task ExpectAsync(params object[] messages)
    {
        foreach (var message in messages)
        {
            await Probe.ExpectMsgAsync(message);
        }
    }
}
