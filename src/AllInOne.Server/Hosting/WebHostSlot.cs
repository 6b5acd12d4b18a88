using AllInOne.Core.Supervision;
using AllInOne.Server.Configuration;

namespace AllInOne.Server.Hosting;

/// <summary>
/// The owner of the current web host. It outlives the incarnations of the actor that uses it. Its steps run one after another, in the order of the
/// calls. All hosts use the addresses that the first one resolved. When a host is replaced, it closes its port at once, and its requests have the
/// drain timeout to complete beside the next host.
/// </summary>
/// <param name="urls">The addresses of the first start.</param>
/// <param name="build">Creates a host for the addresses.</param>
internal sealed class WebHostSlot(IReadOnlyList<ListenAddress> urls, Func<IReadOnlyList<ListenAddress>, WebHost> build) : IAsyncDisposable
{
    /// <summary>
    /// The maximum number of hosts that drain at the same time. If a further one starts to drain, the oldest one is stopped at once.
    /// </summary>
    private const int MostDraining = 2;

    private readonly Lock _order = new();
    private readonly List<(WebHost Host, Task Stopped)> _draining = [];
    private Task _last = Task.CompletedTask;
    private WebHost? _host;
    private volatile bool _disposed;

    /// <summary>The addresses, with their ports resolved once <see cref="HasOpened"/>.</summary>
    public IReadOnlyList<ListenAddress> Urls { get; private set; } = urls;

    /// <summary>Whether a host has listened at least once.</summary>
    public bool HasOpened { get; private set; }

    /// <summary>Builds and starts a host after all earlier steps; throws the exception of the host's start.</summary>
    public Task OpenAsync() => Then(StartAsync);

    /// <summary>Stops the host, if there is one, after all earlier steps; completes when every host has drained.</summary>
    public async Task CloseAsync()
    {
        Task drained = Task.CompletedTask;
        await Then(async () =>
        {
            await GiveWayAsync();
            drained = Task.WhenAll(_draining.Select(draining => draining.Stopped));
        });
        await drained;
    }

    /// <summary>Stops the host and opens no other.</summary>
    public ValueTask DisposeAsync()
    {
        _disposed = true;
        return new ValueTask(CloseAsync());
    }

    private async Task StartAsync()
    {
        await GiveWayAsync();
        ObjectDisposedException.ThrowIf(_disposed, this);
        var host = build(Urls);
        try
        {
            await host.StartAsync();
        }
        catch (Exception failure)
        {
            // Throw the failure of the start, even if the disposal of the host throws too.
            await Disposal.RunAsync(() => Task.FromException(failure), () => host.DisposeAsync().AsTask());
            throw;
        }

        (_host, Urls, HasOpened) = (host, host.Urls, true);
    }

    private async Task GiveWayAsync()
    {
        _draining.RemoveAll(draining => draining.Stopped.IsCompleted);
        if (_host is not { } host)
        {
            return;
        }

        _host = null;
        var givenWay = host.GiveWayAsync();
        _draining.Add((host, Task.Run(async () => await host.DisposeAsync())));
        foreach (var (oldest, _) in _draining.Take(_draining.Count - MostDraining))
        {
            oldest.Abort();
        }

        // The stop of the host fails with the same exception, and throws it there.
        await givenWay.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Task Then(Func<Task> step)
    {
        lock (_order)
        {
            return _last = AfterAsync(_last, step);
        }
    }

    private static async Task AfterAsync(Task before, Func<Task> step)
    {
        // The caller of the previous step handles its failure. The build of a host does not run on the thread of its caller.
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        await step();
    }
}
