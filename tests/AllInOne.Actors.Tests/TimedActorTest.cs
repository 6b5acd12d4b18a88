namespace AllInOne.Actors.Tests;

/// <summary>Tests in which time passes: really, since Akka.NET takes no clock. Keep the times short.</summary>
public abstract class TimedActorTest : ActorTest
{
    protected static Task PassAsync(TimeSpan time) => Task.Delay(time);

    /// <summary>Ends when so many timers are set.</summary>
    protected static Task TimersSetAsync(int atLeast) => Task.CompletedTask;
}
