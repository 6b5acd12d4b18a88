namespace AllInOne.Actors.Tests;

/// <summary>An actor that awaits a task of the test for each text, and reports the begin and the end of it to the probe.</summary>
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

