using AllInOne.Core.Supervision;
using AllInOne.Server.Configuration;

namespace AllInOne.Server.Hosting;

/// <summary>
/// The place of the web host, which outlives the incarnations of the actor that fills it. Steps run one after another in the order they were asked
/// for; the addresses that were resolved the first time are used again. A host that gives way closes its port at once, and its requests have
/// the drain timeout to end beside the next host.
/// </summary>
/// <param name="urls">Addresses of the first start.</param>
/// <param name="build">Makes a host for the addresses.</param>
internal sealed class WebHostSlot(IReadOnlyList<ListenAddress> urls, Func<IReadOnlyList<ListenAddress>, WebHost> build) : IAsyncDisposable
{
    /// <summary>How many hosts may drain at a time. When one more begins to drain, the oldest is stopped at once.</summary>
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
        // How the step before ended was its caller's to see; building a host is never the caller's own work.
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        await step();
    }
}
