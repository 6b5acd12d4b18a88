namespace AllInOne.Actors.Tests;

/// <summary>
/// The base of the tests with endless messages: a system with two workers that abandons an actor soon, and messages that run until the test
/// releases them. A thread cannot be stopped, so every test must end its loops.
/// </summary>
public abstract class RunawayTest : ActorTest, IDisposable
{
    private readonly ManualResetEventSlim _letGo = new(false);

    protected RunawayTest(string scheduling = "workers = 2, spare-threads = 4, abandon-after = 50ms")
        : base(TestSystem.Create("test", $"fair-scheduler {{ {scheduling} }}"))
    {
    }

    public void Dispose()
    {
        LetGo();
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends all spinning and blocked messages.</summary>
    protected void LetGo() => _letGo.Set();

    /// <summary>Uses the processor until the end of the test, and observes no token.</summary>
    protected void Spin()
    {
        while (!_letGo.IsSet)
        {
        }
    }

    /// <summary>Blocks without any use of the processor.</summary>
    protected void Block() => _letGo.Wait();

    /// <summary>Keeps a puppet in one message; completes when the puppet has the message in hand.</summary>
    protected static Task HoldUpAsync(IActorRef puppet, Action hold)
    {
        var inHand = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        puppet.Tell(
            new Do(_ =>
            {
                inHand.SetResult();
                hold();
            }),
            ActorRefs.NoSender);
        return inHand.Task.WaitAsync(Patience);
    }

    /// <summary>Waits until the thread that a puppet blocks is as expected; returns the figures of the scheduler.</summary>
    protected async Task<HeldUpInfo> HeldUpAsync(IActorRef puppet, Predicate<HeldUpInfo> fits)
    {
        var path = puppet.Path.ToStringWithoutAddress();
        HeldUpInfo? found = null;
        await Until.TrueAsync(
            () => (found = System.InspectScheduler().HeldUp.FirstOrDefault(held => held.Path == path && fits(held))) is not null,
            () => $"{path} is not among {string.Join(", ", System.InspectScheduler().HeldUp)}");
        return found!;
    }

    /// <summary>Completes when no thread is blocked any more.</summary>
    protected Task NobodyIsHeldUpAsync() => Until.TrueAsync(
        () => System.InspectScheduler().HeldUp.Count == 0, () => string.Join(", ", System.InspectScheduler().HeldUp));
}
