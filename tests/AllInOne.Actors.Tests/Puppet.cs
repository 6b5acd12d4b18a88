namespace AllInOne.Actors.Tests;

/// <summary>Makes a puppet throw.</summary>
internal sealed record Crash(Exception Cause);

/// <summary>Makes a puppet run code of the test inside its message handling.</summary>
internal sealed record Do(Action<IActorContext> Action);

/// <summary>A hook of a puppet that has run.</summary>
internal sealed record Life(string Hook, object? Detail = null);

/// <summary>The failure that tests cause.</summary>
internal sealed class TestFailure(string message) : Exception(message);

/// <summary>An actor that runs the code it receives. It passes all other messages to a probe, with itself as the sender.</summary>
internal class Puppet : ReceiveActor
{
    private readonly SupervisorStrategy? _strategy;

    public Puppet(IActorRef probe, SupervisorStrategy? strategy)
    {
        Probe = probe;
        _strategy = strategy;
        Receive<Crash>(Throw);
        Receive<Do>(order => order.Action(Context));
        ReceiveAny(message => probe.Tell(message, Self));
    }

    protected IActorRef Probe { get; }

    public static Props Props(IActorRef probe, SupervisorStrategy? strategy) => Recipe.Of(() => new Puppet(probe, strategy));

    protected override SupervisorStrategy SupervisorStrategy() => _strategy ?? base.SupervisorStrategy();

    private static void Throw(Crash crash) => throw crash.Cause;
}

/// <summary>A puppet that reports its hooks to the probe.</summary>
internal sealed class TalkingPuppet : Puppet
{
    public TalkingPuppet(IActorRef probe, SupervisorStrategy? strategy)
        : base(probe, strategy) => Tell("constructor");

    public static new Props Props(IActorRef probe, SupervisorStrategy? strategy) => Recipe.Of(() => new TalkingPuppet(probe, strategy));

    protected override void PreStart() => Tell("PreStart");

    protected override void PostStop() => Tell("PostStop");

    protected override void PreRestart(Exception reason, object? message)
    {
        Tell("PreRestart", message);
        base.PreRestart(reason, message);
    }

    protected override void PostRestart(Exception reason)
    {
        Tell("PostRestart", reason.Message);
        base.PostRestart(reason);
    }

    private void Tell(string hook, object? detail = null) => Probe.Tell(new Life(hook, detail), Self);
}

/// <summary>A puppet that keeps its children when it is restarted.</summary>
internal sealed class KeepingPuppet(IActorRef probe, SupervisorStrategy? strategy) : Puppet(probe, strategy)
{
    public static new Props Props(IActorRef probe, SupervisorStrategy? strategy) => Recipe.Of(() => new KeepingPuppet(probe, strategy));

    protected override void PreRestart(Exception reason, object? message) => PostStop();
}
