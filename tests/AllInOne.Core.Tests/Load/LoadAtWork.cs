using Akka.Actor;
using AllInOne.Core.Inspection;
using AllInOne.Core.Load;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.Tests.Load;

/// <summary><c>/user/load</c> as the program runs it.</summary>
internal sealed class LoadAtWork : IAsyncDisposable
{
    private readonly LoadModule _module;

    private LoadAtWork(Readiness readiness, TimeProvider clock)
    {
        var supervision = new SupervisionOptions { MinBackoff = TimeSpan.FromMilliseconds(1), MaxBackoff = TimeSpan.FromMilliseconds(5) };
        _module = new LoadModule(new LoadOptions(), supervision, clock, readiness);
        DeadLetterRefusal.Start(System);
        Runtime = new ActorRuntime(System);
    }

    public static async Task<LoadAtWork> StartAsync(TimeProvider? clock = null)
    {
        var readiness = new Readiness();
        var load = new LoadAtWork(readiness, clock ?? TimeProvider.System);
        load.Start();
        await readiness.WhenReady(LoadModule.Name).WaitAsync(Until.Limit);
        return load;
    }

    public ActorSystem System { get; } = TestSystem.Create("load-tests");

    public ActorRuntime Runtime { get; }

    public LoadGenerator Load => _module.Generator;

    public void Start() => System.ActorOf(TreeSpec.Load(_module).Props, LoadModule.Name);

    public Task Resize(int workers) => Load.ResizeAsync(workers, CancellationToken.None).WaitAsync(Until.Limit);

    public IReadOnlyList<ActorSnapshot> Workers() => Runtime.Children("/user/load", null, int.MaxValue);

    public async ValueTask DisposeAsync() => await System.Terminate();
}
