namespace AllInOne.Actors.Tests;

/// <summary>Tests in which time passes: at once where the runtime takes a clock, else really. Keep the times short.</summary>
public abstract class TimedActorTest : ActorTest
{
#if AKKA
    protected static Task PassAsync(TimeSpan time) => Task.Delay(time);

    /// <summary>Ends when so many timers are set.</summary>
    protected static Task TimersSetAsync(int atLeast) => Task.CompletedTask;
#else
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
#endif
}
