namespace AllInOne.Actors.Tests;

/// <summary>Awaits what a test gives it to do with each text, and tells when it begins and ends.</summary>
internal sealed class Awaiting : ReceiveActor
{
    private readonly IActorRef _probe;

    public Awaiting(IActorRef probe, Func<string, Task> work)
    {
        _probe = probe;
        ReceiveAsync<string>(async message =>
        {
            probe.Tell($"begins {message}", Self);
            await work(message);
            probe.Tell($"ends {message}", Self);
        });
    }

    protected override void PreRestart(Exception reason, object? message) =>
        _probe.Tell($"restarted for {reason.Message} at {message}", Self);
}

