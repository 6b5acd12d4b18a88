using AllInOne.TestKit;

namespace AllInOne.Actors.Tests;

/// <summary>A system and a probe for each test; the system is gone before the next test begins.</summary>
public abstract class ActorTest : IAsyncLifetime
{
    private TestProbe? _probe;

    protected ActorSystem System { get; } = ActorSystem.Create("test");

    /// <summary>Told by the actors of a test what happens to them.</summary>
    protected TestProbe Probe => _probe ??= TestProbe.Create(System);

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => System.Terminate().WaitAsync(TestProbe.DefaultTimeout);
}
