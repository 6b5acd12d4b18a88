namespace AllInOne.Actors.Tests.OnBundled;

/// <summary>Akka.NET documents the cancellation, too, but its tasks end with false.</summary>
public sealed class StopInTimeTests : ActorTest
{
    [Fact]
    public async Task A_graceful_stop_that_takes_too_long_is_cancelled()
    {
        using var gate = new ManualResetEventSlim();
        var actor = StartPuppet();
        await OccupyAsync(actor, gate);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => actor.GracefulStop(TimeSpan.FromMilliseconds(20)));
        gate.Set();

        await Probe.ExpectTerminatedAsync(actor);
    }
}
