using Akka.Actor;
using AllInOne.Core.Inspection;
using AllInOne.Core.Load;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.Tests.Load;

/// <summary><c>/user/load</c> as in the program.</summary>
internal sealed class LoadAtWork : IAsyncDisposable
{
    private readonly TreeAtWork _tree;

    private LoadAtWork(TimeProvider? clock)
    {
        var supervision = new SupervisionOptions { MinBackoff = TimeSpan.FromMilliseconds(1), MaxBackoff = TimeSpan.FromMilliseconds(5) };
        _tree = new TreeAtWork(new SystemTreeOptions { Supervision = supervision }, (_, spec) => [spec.Load], clock).Open();
    }

    public static async Task<LoadAtWork> StartAsync(TimeProvider? clock = null)
    {
        var load = new LoadAtWork(clock);
        await load._tree.WhenReady(LoadModule.Name);
        return load;
    }

    public ActorSystem System => _tree.System;

    public ActorRuntime Runtime => _tree.Runtime;

    public LoadGenerator Load => _tree.Parts.Load.Generator;

    /// <summary>Starts the load again after it was stopped alone.</summary>
    public Task StartAgainAsync() => _tree.StartAsync(new TreeSpec(_tree.Parts).Load);

    public Task Resize(int workers) => Load.ResizeAsync(workers, CancellationToken.None).WaitAsync(Until.Limit);

    public IReadOnlyList<ActorSnapshot> Workers() => Runtime.Children("/user/load", null, int.MaxValue);

    public ValueTask DisposeAsync() => _tree.DisposeAsync();
}
