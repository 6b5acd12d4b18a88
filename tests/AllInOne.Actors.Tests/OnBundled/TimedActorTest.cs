namespace AllInOne.Actors.Tests;

/// <summary>Tests in which time passes: at once, on a clock that the test moves.</summary>
public abstract class TimedActorTest : ActorTest
{
    private readonly FakeClock _clock;

    protected TimedActorTest()
        : this(new FakeClock())
    {
    }

    private TimedActorTest(FakeClock clock)
        : base(ActorSystem.Create("test", new ActorSystemOptions { TimeProvider = clock })) => _clock = clock;

    protected Task PassAsync(TimeSpan time)
    {
        _clock.Advance(time);
        return Task.CompletedTask;
    }

    /// <summary>Ends when so many timers are set.</summary>
    protected Task TimersSetAsync(int atLeast) => _clock.WaitForTimersAsync(atLeast);
}
