namespace AllInOne.Actors.Tests;

/// <summary>
/// A system with two workers that loses patience soon, and messages that go on until the test lets go of them: the thread cannot
/// be stopped, so every test ends with its loops.
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

    /// <summary>Ends what spins and what blocks.</summary>
    protected void LetGo() => _letGo.Set();

    /// <summary>Burns the processor, with an eye for nothing but the end of the test.</summary>
    protected void Spin()
    {
        while (!_letGo.IsSet)
        {
        }
    }

    /// <summary>Uses no processor at all.</summary>
    protected void Block() => _letGo.Wait();

    /// <summary>Keeps a puppet in one message; ends when it has it in hand.</summary>
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

    /// <summary>What the scheduler says of the thread that a puppet holds up, as soon as it is as asked.</summary>
    protected async Task<HeldUpInfo> HeldUpAsync(IActorRef puppet, Predicate<HeldUpInfo> fits)
    {
        var path = puppet.Path.ToStringWithoutAddress();
        HeldUpInfo? found = null;
        await Until.TrueAsync(
            () => (found = System.InspectScheduler().HeldUp.FirstOrDefault(held => held.Path == path && fits(held))) is not null,
            () => $"{path} is not among {string.Join(", ", System.InspectScheduler().HeldUp)}");
        return found!;
    }

    /// <summary>Ends when no thread is held up any more.</summary>
    protected Task NobodyIsHeldUpAsync() => Until.TrueAsync(
        () => System.InspectScheduler().HeldUp.Count == 0, () => string.Join(", ", System.InspectScheduler().HeldUp));
}
