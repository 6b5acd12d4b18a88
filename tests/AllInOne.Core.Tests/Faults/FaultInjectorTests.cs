using AllInOne.Core.Faults;
using AllInOne.Core.Inspection;
using AllInOne.Core.Values;

namespace AllInOne.Core.Tests.Faults;

public class FaultInjectorTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(700);

    [Fact]
    public async Task Crashing_actors_crash_repeatedly_and_end_by_themselves()
    {
        var clock = new FakeClock();
        await using var faults = await AtWork.StartAsync(clock: clock);
        faults.Injector.Inject(FaultKind.Crash, 3, Short);
        await Until.TrueAsync(() => faults.Children() is { Count: 3 } all && all.All(actor => actor.Restarts >= 2));
        Assert.All(faults.Children(), actor => Assert.Equal(("CrashingActor", "InvalidOperationException"), (actor.Type, actor.LastFailure!.Type)));
        clock.Advance(Short);
        await faults.Over();
        Assert.Equal(0, faults.Runtime.Find("/user/faults")!.Restarts);
    }

    [Theory]
    [InlineData(FaultKind.Spin, "SpinningActor", "Spin")]
    [InlineData(FaultKind.Block, "BlockingActor", "Block")]
    public async Task An_actor_that_holds_a_thread_does_so_in_one_message_and_ends_by_itself(FaultKind kind, string type, string message)
    {
        var clock = new FakeClock();
        await using var faults = await AtWork.StartAsync(clock: clock);
        faults.Injector.Inject(kind, 1, Short);
        await Until.TrueAsync(() => faults.Children() is [{ Status: "busy" } busy] && busy.Type == type && busy.Message == message);
        // A blocked thread waits for a timer; a spinning thread reads the clock.
        await clock.WaitForTimersAsync(kind == FaultKind.Block ? 1 : 0);
        clock.Advance(Short);
        await faults.Over();
    }

    [Fact]
    public async Task A_stopped_actor_that_holds_its_thread_counts_until_the_thread_is_free()
    {
        var clock = new FakeClock();
        await using var faults = await AtWork.StartAsync(new FaultsOptions { MaxCount = 1 }, clock);
        faults.Injector.Inject(FaultKind.Block, 1, Short);
        await Until.TrueAsync(() => faults.Children() is [{ Message: "Block" }]);
        await clock.WaitForTimersAsync();
        Assert.True(faults.Runtime.Stop(faults.Children()[0].Path));
        Assert.Throws<UnavailableException>(() => faults.Injector.Inject(FaultKind.Block, 1, Short));
        clock.Advance(Short);
        await faults.Over();
        faults.Injector.Inject(FaultKind.Block, 1, TimeSpan.Zero);
        await faults.Over();
    }

    [Fact]
    public async Task Leaks_take_no_more_memory_than_allowed_and_release_it()
    {
        await using var faults = await AtWork.StartAsync(new FaultsOptions { MaxLeakBytes = 3 << 20 });
        faults.Injector.Inject(FaultKind.Leak, 2, TimeSpan.FromMinutes(1));
        await Until.TrueAsync(() => faults.Injector.Leaked == 3 << 20);
        Assert.True(faults.Runtime.Restart("/user/faults"));
        await faults.Over();
        await Until.TrueAsync(() => faults.Injector.Leaked == 0);
    }

    [Fact]
    public async Task All_faults_can_be_stopped_and_restarted_together()
    {
        await using var faults = await AtWork.StartAsync();
        faults.Injector.Inject(FaultKind.Leak, 5, TimeSpan.FromMinutes(1));
        faults.Injector.Inject(FaultKind.Crash, 5, TimeSpan.FromMinutes(1));
        await Until.TrueAsync(() => faults.Children().Count == 10);
        Assert.True(faults.Runtime.Restart("/user/faults"));
        await faults.Over();
        Assert.True(faults.Runtime.Stop("/user/faults"));
        await Until.TrueAsync(() => faults.Runtime.Find("/user/faults") is null);
        Assert.Throws<UnavailableException>(() => faults.Injector.Inject(FaultKind.Leak, 1, Short));
    }

    [Fact]
    public async Task A_request_for_too_many_faults_is_refused_completely()
    {
        await using var faults = await AtWork.StartAsync(new FaultsOptions { MaxCount = 4 });
        faults.Injector.Inject(FaultKind.Leak, 3, TimeSpan.FromMinutes(1));
        Assert.Throws<UnavailableException>(() => faults.Injector.Inject(FaultKind.Leak, 2, Short));
        Assert.Equal(3, faults.Injector.Running);
    }

    private sealed class AtWork : IAsyncDisposable
    {
        private readonly TreeAtWork _tree;

        private AtWork(FaultsOptions options, TimeProvider? clock)
        {
            options.Enabled = true;
            _tree = new TreeAtWork(new SystemTreeOptions { Faults = options }, (_, spec) => spec.Faults, clock).Open();
        }

        public static async Task<AtWork> StartAsync(FaultsOptions? options = null, TimeProvider? clock = null)
        {
            var faults = new AtWork(options ?? new FaultsOptions(), clock);
            await faults._tree.WhenReady(FaultsModule.Name);
            return faults;
        }

        public FaultInjector Injector => _tree.Parts.Faults!.Injector;

        public ActorRuntime Runtime => _tree.Runtime;

        public IReadOnlyList<ActorSnapshot> Children() => Runtime.Children("/user/faults", null, 1000);

        /// <summary>Completes when all faults have ended and their places are free.</summary>
        public Task Over() => Until.TrueAsync(() => Injector.Running == 0 && Children().Count == 0);

        public ValueTask DisposeAsync() => _tree.DisposeAsync();
    }
}
